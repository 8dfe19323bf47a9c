// A thread's timer for its earliest deadline. Only that thread uses it.

#pragma once

#include "base/clock.h"
#include "base/handle.h"
#include "base/outcome.h"
#include "handles/waitable.h"
#include "waiter/client.h"

#include <windows.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace rtworkq::waiter {

class DeadlineTimer {
 public:
  Outcome create() { return waitable::create_own_timer(timer_); }
  HANDLE get() const noexcept { return timer_.get(); }

  /// Sets the timer for a deadline in ticks of the performance counter. Returns how long to wait at most, in
  /// milliseconds.
  DWORD set(std::int64_t earliest) noexcept {
    // If an earlier deadline was dropped, the timer wakes the thread once for nothing. Setting it each time costs more.
    if (earliest >= set_for_) return INFINITE;
    const double left = std::max(0.0, clock::to_milliseconds(earliest - clock::now()));
    // Late by a tick is better than never. The limit only has to fit into a DWORD.
    if (!waitable::set_after(timer_.get(), left)) return static_cast<DWORD>(std::ceil(std::min(left, kMaxPatienceMs)));
    set_for_ = earliest;
    return INFINITE;
  }

  /// The timer was signaled, or has stood still while the machine slept.
  void forget() noexcept { set_for_ = kNever; }

 private:
  static constexpr double kMaxPatienceMs = 1'000'000'000;

  UniqueHandle timer_;
  std::int64_t set_for_ = kNever;
};

}  // namespace rtworkq::waiter
