// Whether the JavaScript thread looks by itself for what fires next, rather than be woken for it: after what was put or
// invoked the next often fires within microseconds, and to sleep and be woken takes longer. Where nothing comes, the
// thread has looked in vain: then it passes over one chance, after the next time in vain two, four, up to 128, until
// something comes again. So what is put now and then costs next to nothing more. A row of looks ends after 64 of them
// or four milliseconds, with all that promises have run meanwhile. While it looks, the thread offers its processor to
// others, of which RTWorkQ's thread may be one. Where somebody else has kept it, it is not offered for thirty times as
// long as that: three percent of the time is the most to be lost that way. On the JavaScript thread.

#pragma once

#include "rtwq/clock.h"

#include <algorithm>
#include <cstdint>

namespace rtworkq {

class Polling {
 public:
  /// For how long to look, in ticks of the performance counter: 50 microseconds, by when a processor that was at rest
  /// has been woken.
  static std::int64_t moment() noexcept { return static_cast<std::int64_t>(clock::ticks_per_millisecond() / 20); }

  /// What brings the thread its next turn.
  enum class Next {
    wake,      // whoever has something for it
    own_turn,  // it looks once more
    the_loop,  // the rest of its event loop, whose turn it is
  };

  /// After something has come: in a turn of the thread's own, or in another, which begins a row of them.
  Next next(bool own) noexcept {
    const std::int64_t time = clock::now();
    if (!own) {
      turns_ = 0;
      row_began_ = time;
    } else if (++turns_ >= kMostTurns || clock::to_milliseconds(time - row_began_) > kLongestRowMs) {
      return Next::the_loop;
    }
    if (left_to_pass_over_ == 0) return Next::own_turn;
    --left_to_pass_over_;
    return Next::wake;
  }

  /// Whether to offer the processor to others at this time, while it looks.
  bool offers(std::int64_t time) const noexcept { return time >= offers_again_at_; }

  /// How long a look has lasted: what is above its moment was somebody else's.
  void lasted(std::int64_t start, std::int64_t end) noexcept {
    const std::int64_t lost = end - start - moment();
    if (lost > 0) offers_again_at_ = end + kTimesLost * lost;
  }

  /// Whether a look has found something.
  void looked(bool found) noexcept {
    to_pass_over_ = found ? 0 : std::clamp(2 * to_pass_over_, 1, kMostPassedOver);
    left_to_pass_over_ = to_pass_over_;
  }

 private:
  static constexpr int kMostTurns = 64;
  static constexpr double kLongestRowMs = 4;
  static constexpr int kMostPassedOver = 128;
  static constexpr std::int64_t kTimesLost = 30;

  int turns_ = 0;
  std::int64_t row_began_ = 0;
  int to_pass_over_ = 0;
  int left_to_pass_over_ = 0;
  std::int64_t offers_again_at_ = 0;
};

}  // namespace rtworkq
