// A handle that JavaScript has opened. JavaScript thread.

#pragma once

#include "base/handle.h"
#include "handles/object.h"
#include "waiter/kept_period.h"
#include "waiter/mutex.h"

namespace rtworkq::waiter {

struct OpenHandle {
  UniqueHandle handle;
  object::Kind kind = object::Kind::other;
  /// Whether it has the right to wait.
  bool may_wait = true;
  // These end before the handle is closed.
  KeptPeriodOwner period{};
  MutexOwner mutex{};

  HANDLE get() const noexcept { return handle.get(); }
};

}  // namespace rtworkq::waiter
