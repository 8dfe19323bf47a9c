// Which thread is in which task group. Functions act on the calling thread. A handle is only valid on the thread that
// got it.

#pragma once

#include "common/lock.h"

#include <cstdint>
#include <map>

namespace stand_in {

class ThreadTasks {
 public:
  static ThreadTasks& instance();

  // Each returns a Win32 error code.
  DWORD enter(const wchar_t* task_class, DWORD& id, HANDLE& handle);
  DWORD revert(HANDLE handle);
  DWORD check(HANDLE handle);

  /// Removes a thread that ends, whether it is in a task group or not.
  void forget_this_thread();

 private:
  struct Task {
    DWORD group;
    HANDLE handle;
  };

  Lock lock_;
  std::map<DWORD, Task> by_thread_;
  std::uintptr_t last_handle_ = 0;
};

}  // namespace stand_in
