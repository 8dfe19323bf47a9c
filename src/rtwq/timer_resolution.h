// The system timer's resolution for this process: timeBeginPeriod and timeEndPeriod in winmm.dll. Windows counts
// requests per process, not per thread. JavaScript threads.

#pragma once

#include "rtwq/api.h"

#include <utility>

namespace rtworkq {

/// One request: a timeBeginPeriod, and a timeEndPeriod with the same period.
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

  /// The periods that can be requested: timeGetDevCaps.
  static Outcome range(Range& range) noexcept;
  /// timeBeginPeriod.
  static Outcome request(UINT milliseconds, TimerResolution& requested) noexcept;
  /// timeEndPeriod. Further calls do nothing.
  Outcome release() noexcept;

 private:
  UINT period_ = 0;  // milliseconds; 0 if there is no request
};

}  // namespace rtworkq
