// Decides whether the JavaScript thread polls for the next completion instead of sleeping until it is woken. After
// items that were put or invoked, the next one often fires within microseconds, faster than a sleep and a wake-up.
// Polling backs off: after a poll that finds nothing, the thread skips one chance to poll, then two, four, up to 128,
// until a poll finds something. So occasional items cost next to nothing extra. A run of polls ends after 64 polls or
// four milliseconds, including the time that promise callbacks take in between. While it spins, the thread yields its
// processor, because RTWorkQ's thread may need it, until a yield has once taken more than a millisecond. JavaScript
// threads.

#pragma once

#include "base/clock.h"

#include <algorithm>
#include <atomic>
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
  /// With `must_return`, the thread does not wait to be woken.
  Next next(bool polled, bool must_return) noexcept {
    const std::int64_t time = clock::now();
    if (!polled) {
      turns_ = 0;
      run_start_ = time;
    } else if (++turns_ >= kMaxTurns || clock::to_milliseconds(time - run_start_) > kMaxRunMs) {
      return Next::event_loop;
    }
    if (must_return || skips_left_ == 0) return Next::polling_turn;
    --skips_left_;
    return Next::sleep;
  }

  /// Whether threads yield their processor while they spin.
  static bool may_yield() noexcept { return yields_.load(std::memory_order_relaxed); }

  /// Records how long a yield took, in performance counter ticks. A thread that got the processor keeps it for up to a
  /// time slice. After one such loss, no thread of this process yields again.
  static void record_yield(std::int64_t ticks) noexcept {
    if (clock::to_milliseconds(ticks) > kMaxYieldMs) yields_.store(false, std::memory_order_relaxed);
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
  static constexpr double kMaxYieldMs = 1;

  static inline std::atomic<bool> yields_{true};

  int turns_ = 0;
  std::int64_t run_start_ = 0;
  int skips_ = 0;
  int skips_left_ = 0;
};

}  // namespace rtworkq
