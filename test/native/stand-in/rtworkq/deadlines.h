// Deadlines of work queues. They have no effect here, but they are kept, so that a wrong or forgotten one shows. Any
// thread.

#pragma once

#include "common/lock.h"

#include <windows.h>

#include <cstdint>
#include <set>

namespace stand_in {

class Deadlines {
 public:
  /// In 100 ns from now: the deadline, and the time before which it is of no interest.
  HRESULT set(LONGLONG deadline, LONGLONG pre_deadline, HANDLE& request);
  HRESULT cancel(HANDLE request);

 private:
  Lock lock_;
  std::set<HANDLE> requests_;
  std::uintptr_t last_ = 0;
};

}  // namespace stand_in
