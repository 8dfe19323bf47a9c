// Decides whether the JavaScript thread polls for the next completion instead of sleeping until it is woken. After
// items that were put or invoked, the next one often fires within microseconds, faster than a sleep and a wake-up.
// Polling backs off: after a poll that finds nothing, the thread skips one chance to poll, then two, four, up to 128,
// until a poll finds something. So occasional items cost next to nothing extra. A run of polls ends after 64 polls or
// four milliseconds, including the time that promise callbacks take in between. While it spins, the thread yields its
// processor, because RTWorkQ's thread may need it. If another thread then keeps the processor, the thread does not
// yield again for 30 times as long as it lost, so yielding costs at most about three percent. JavaScript thread.

#pragma once

#include "rtwq/clock.h"

#include <algorithm>
#include <cstdint>

namespace rtworkq {

class Polling {
 public:
  /// How long to spin, in performance counter ticks: 50 microseconds, enough to wake an idle processor.
  static std::int64_t spin_limit() noexcept { return static_cast<std::int64_t>(clock::ticks_per_millisecond() / 20); }

  /// What starts the thread's next turn.
  enum class Next {
    sleep,         // a callback wakes the thread
    polling_turn,  // the thread polls again
    event_loop,    // the thread runs the rest of its event loop first
  };

  /// Called after a delivery. `polled` is whether that was a polling turn; any other turn starts a new run of polls.
  Next next(bool polled) noexcept {
    const std::int64_t time = clock::now();
    if (!polled) {
      turns_ = 0;
      run_start_ = time;
    } else if (++turns_ >= kMaxTurns || clock::to_milliseconds(time - run_start_) > kMaxRunMs) {
      return Next::event_loop;
    }
    if (skips_left_ == 0) return Next::polling_turn;
    --skips_left_;
    return Next::sleep;
  }

  /// Whether the thread may yield its processor now.
  bool may_yield(std::int64_t time) const noexcept { return time >= next_yield_; }

  /// Records how long a spin took: any time above spin_limit() was lost to another thread.
  void record_spin(std::int64_t start, std::int64_t end) noexcept {
    const std::int64_t lost = end - start - spin_limit();
    if (lost > 0) next_yield_ = end + kYieldPenalty * lost;
  }

  /// Records whether a poll found something.
  void record_result(bool found) noexcept {
    skips_ = found ? 0 : std::clamp(2 * skips_, 1, kMaxSkips);
    skips_left_ = skips_;
  }

 private:
  static constexpr int kMaxTurns = 64;
  static constexpr double kMaxRunMs = 4;
  static constexpr int kMaxSkips = 128;
  static constexpr std::int64_t kYieldPenalty = 30;

  int turns_ = 0;
  std::int64_t run_start_ = 0;
  int skips_ = 0;
  int skips_left_ = 0;
  std::int64_t next_yield_ = 0;
};

}  // namespace rtworkq
