// A waitable timer's period if Windows cannot keep it: fractions of a millisecond, and high-resolution timers on
// Windows 10 version 1809, which rejects periods for them. A second timer is armed for one deadline after the other,
// each counted from the first, so that errors do not accumulate. The pool of alarms waits for it, and then signals the
// user's timer.

#pragma once

#include "base/handle.h"
#include "base/outcome.h"
#include "waiter/client.h"
#include "waiter/thread.h"

#include <cstdint>
#include <mutex>
#include <utility>

namespace rtworkq::waiter {

/// When a timer is due, and its period. In units of 100 ns.
struct TimerSetting {
  /// If 0 or negative, relative to now; otherwise the system time, counted from the year 1601.
  std::int64_t due = 0;
  std::int64_t period = 0;  // 0 for none
  /// Whether the timer wakes the machine from sleep.
  bool resume = false;
};

class KeptPeriod final : public RefCounted<Client> {
 public:
  KeptPeriod(HANDLE timer, const TimerSetting& setting) noexcept : user_timer_(timer), setting_(setting) {}

  // JavaScript thread.

  /// Adds the period to a timer that was just set for its first signal, at `set_at` by now().
  Outcome start(std::int64_t set_at);
  /// After this, the user's timer is not signaled any more, and its handle not used.
  void end() noexcept;

  /// The performance counter in units of 100 ns.
  static std::int64_t now() noexcept;

  // The alarm's thread.

  Then on_signaled(std::size_t index, std::int64_t now) noexcept override;
  Then on_failed(std::size_t index, DWORD error) noexcept override;
  void on_resume() noexcept override;

 private:
  ~KeptPeriod() override = default;

  bool arm(std::int64_t due) noexcept;
  bool arm_next() noexcept;

  const HANDLE user_timer_;
  const TimerSetting setting_;
  UniqueHandle period_timer_;
  ComPtr<Thread> thread_;

  // Guards what follows, and the user's timer against end(). Held for microseconds.
  std::mutex mutex_;
  bool ended_ = false;
  // The first deadline in units of 100 ns of the performance counter, valid if periods_ is not 0; and how many periods
  // after it the next deadline is.
  std::int64_t first_due_ = 0;
  std::int64_t periods_ = 0;
};

/// Owns a kept period, and ends it. JavaScript thread.
class KeptPeriodOwner {
 public:
  KeptPeriodOwner() noexcept = default;
  KeptPeriodOwner(KeptPeriodOwner&& other) noexcept = default;
  KeptPeriodOwner& operator=(KeptPeriodOwner&& other) noexcept {
    std::swap(period_, other.period_);
    return *this;
  }
  ~KeptPeriodOwner() { reset(); }

  void reset(ComPtr<KeptPeriod> period = {}) noexcept {
    if (period_) period_->end();
    period_ = std::move(period);
  }

 private:
  ComPtr<KeptPeriod> period_;
};

/// Sets a timer, and keeps its period if Windows cannot. `resumes` is whether it will wake the machine. JavaScript
/// thread.
Outcome set_timer(HANDLE timer, KeptPeriodOwner& keeper, const TimerSetting& setting, bool& resumes);

}  // namespace rtworkq::waiter
