// The MMCSS registration of the threads that wait for alarms and kept periods. The process has one: leases for the same
// class and priority share it, and it lasts until the last of them ends.
//
// Any JavaScript thread. The registration itself is made and reverted on the alarms' threads.

#pragma once

#include "base/outcome.h"

#include <windows.h>

#include <utility>

namespace rtworkq {

class TimersTask {
 public:
  TimersTask() noexcept = default;
  TimersTask(TimersTask&& other) noexcept : held_(std::exchange(other.held_, false)) {}
  TimersTask& operator=(TimersTask&& other) noexcept {
    std::swap(held_, other.held_);
    return *this;
  }
  ~TimersTask() { release(); }

  /// AvSetMmThreadCharacteristicsW and AvSetMmThreadPriority. `task` is in and out. Fails with ERROR_BUSY while there
  /// is a lease for another class, priority or task.
  static Outcome lease(const wchar_t* usage_class, DWORD& task, LONG priority, TimersTask& lease);

  /// The last lease ends the registration (AvRevertMmThreadCharacteristics). Further calls do nothing.
  Outcome release();

 private:
  bool held_ = false;
};

}  // namespace rtworkq
