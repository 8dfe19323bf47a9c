// The period of a waitable timer where Windows does not keep it: fractions of a millisecond, and high resolution on the
// Windows 10 that has no periods for it. A second timer is armed for one deadline after the other, counted from the
// first, so that nothing adds up; on a thread of the system's pool it makes the user's timer signaled.
//
// Made and destroyed on the JavaScript thread, which waits there for a beat that is under way: microseconds.

#pragma once

#include "rtwq/api.h"
#include "rtwq/handle.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace rtworkq {

/// Windows counts the times of timers in 100 ns. An int, which converts to either of what is counted with.
inline constexpr int kUnitsPerMillisecond = 10'000;

/// When a timer is due, and how often again. In 100 ns.
struct TimerSetting {
  /// From now where it is negative or 0; else the system's time, since the year 1601.
  std::int64_t due = 0;
  std::int64_t period = 0;  // 0 for none
  /// Whether it wakes the machine.
  bool resume = false;
};

class KeptPeriod {
 public:
  /// For a timer that has just been set to become signaled for the first time; it must outlive the period.
  /// `set_at` is when that was, by now().
  static Outcome start(HANDLE timer, const TimerSetting& setting, std::int64_t set_at,
                       std::unique_ptr<KeptPeriod>& period);

  /// In 100 ns of the performance counter.
  static std::int64_t now() noexcept;

  KeptPeriod(const KeptPeriod&) = delete;
  KeptPeriod& operator=(const KeptPeriod&) = delete;
  ~KeptPeriod();

 private:
  KeptPeriod(HANDLE timer, const TimerSetting& setting) noexcept : timer_(timer), setting_(setting) {}

  static void CALLBACK beat(PTP_CALLBACK_INSTANCE instance, void* context, PTP_WAIT wait, TP_WAIT_RESULT result);
  void on_beat() noexcept;
  bool arm(std::int64_t due) noexcept;
  bool arm_for_next() noexcept;

  const HANDLE timer_;
  const TimerSetting setting_;
  UniqueHandle clock_;
  PTP_WAIT wait_ = nullptr;
  std::atomic<bool> ending_{false};
  // In 100 ns of the performance counter: the first deadline, once that is known. The pool's thread alone has these
  // after the start.
  std::int64_t first_ = 0;
  std::int64_t beats_ = 0;
};

}  // namespace rtworkq
