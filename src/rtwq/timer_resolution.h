// How fine the system's timer ticks for this process: timeBeginPeriod and timeEndPeriod of winmm.dll. Windows counts
// the requests of a process, on whichever thread they are made and ended; here these are JavaScript threads.

#pragma once

#include "rtwq/api.h"

#include <utility>

namespace rtworkq {

/// One request: one timeBeginPeriod, and one timeEndPeriod with the same period.
class TimerResolution {
 public:
  TimerResolution() noexcept = default;
  TimerResolution(TimerResolution&& other) noexcept : period_(std::exchange(other.period_, 0)) {}
  TimerResolution& operator=(TimerResolution&& other) noexcept {
    std::swap(period_, other.period_);
    return *this;
  }
  ~TimerResolution() { release(); }

  /// In milliseconds.
  struct Range {
    UINT minimum = 0;
    UINT maximum = 0;
  };

  /// What can be requested: timeGetDevCaps.
  static Outcome range(Range& range) noexcept;
  /// timeBeginPeriod.
  static Outcome request(UINT milliseconds, TimerResolution& requested) noexcept;
  /// timeEndPeriod; more than once does nothing.
  Outcome release() noexcept;

 private:
  UINT period_ = 0;  // milliseconds; 0 where there is no request
};

}  // namespace rtworkq
