// The base of operations that the waiter's threads run.

#pragma once

#include "base/operation.h"
#include "waiter/client.h"

namespace rtworkq::waiter {

struct ClientOperation : Client, Operation {
  using Operation::Operation;
};

}  // namespace rtworkq::waiter
