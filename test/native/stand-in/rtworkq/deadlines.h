// Deadlines of work queues. They have no effect here, but are recorded, so that cancelling a wrong one fails. Any
// thread.

#pragma once

#include "common/lock.h"

#include <windows.h>

#include <cstdint>
#include <set>

namespace stand_in {

class Deadlines {
 public:
  /// In units of 100 ns from now: the deadline, and the time before which the deadline does not matter.
  HRESULT set(LONGLONG deadline, LONGLONG pre_deadline, HANDLE& request);
  HRESULT cancel(HANDLE request);

 private:
  Lock lock_;
  std::set<HANDLE> requests_;
  std::uintptr_t last_ = 0;
};

}  // namespace stand_in
