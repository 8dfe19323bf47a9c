// A waitable timer's period if Windows cannot keep it: fractions of a millisecond, and high-resolution timers on
// Windows 10 version 1809, which rejects periods for them. A second timer is armed for one deadline after the other,
// each counted from the first, so that errors do not accumulate. Its callback, on a thread of Windows' pool, signals
// the user's timer.
//
// Created and destroyed on the JavaScript thread. The destructor waits for a running callback, which takes
// microseconds.

#pragma once

#include "rtwq/api.h"
#include "rtwq/handle.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace rtworkq {

/// Windows' timers count in units of 100 ns. An int, so that it converts to both double and int64_t.
inline constexpr int kUnitsPerMillisecond = 10'000;

/// When a timer is due, and its period. In units of 100 ns.
struct TimerSetting {
  /// If 0 or negative, relative to now; otherwise the system time, counted from the year 1601.
  std::int64_t due = 0;
  std::int64_t period = 0;  // 0 for none
  /// Whether the timer wakes the machine from sleep.
  bool resume = false;
};

class EmulatedPeriod {
 public:
  /// Adds a period to a timer that was just set for its first signal, at `set_at` by now(). The timer must outlive it.
  static Outcome start(HANDLE timer, const TimerSetting& setting, std::int64_t set_at,
                       std::unique_ptr<EmulatedPeriod>& period);

  /// The performance counter in units of 100 ns.
  static std::int64_t now() noexcept;

  EmulatedPeriod(const EmulatedPeriod&) = delete;
  EmulatedPeriod& operator=(const EmulatedPeriod&) = delete;
  ~EmulatedPeriod();

 private:
  EmulatedPeriod(HANDLE timer, const TimerSetting& setting) noexcept : user_timer_(timer), setting_(setting) {}

  static void CALLBACK on_timer(PTP_CALLBACK_INSTANCE instance, void* context, PTP_WAIT wait, TP_WAIT_RESULT result);
  void on_due() noexcept;
  bool arm(std::int64_t due) noexcept;
  bool arm_next() noexcept;

  const HANDLE user_timer_;
  const TimerSetting setting_;
  UniqueHandle period_timer_;
  PTP_WAIT wait_ = nullptr;
  std::atomic<bool> ending_{false};
  // The first deadline in units of 100 ns of the performance counter, valid if periods_ is not 0; and how many periods
  // after it the next deadline is. Only the pool's thread uses them after start().
  std::int64_t first_due_ = 0;
  std::int64_t periods_ = 0;
};

}  // namespace rtworkq
