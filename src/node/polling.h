// Whether the JavaScript thread looks by itself for what fires next, rather than be woken for it: after what was put or
// invoked the next often fires within microseconds, and to sleep and be woken takes longer. Where nothing comes, the
// thread has looked in vain: then it passes over one chance, after the next time in vain two, four, up to 128, until
// something comes again. So what is put now and then costs next to nothing more. On the JavaScript thread.

#pragma once

#include "rtwq/clock.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace rtworkq {

class Polling {
 public:
  /// For how long to look, in ticks of the performance counter: 20 microseconds.
  static std::int64_t moment() noexcept { return static_cast<std::int64_t>(clock::ticks_per_millisecond() / 50); }

  /// Whether to look once more, after something has come: in a turn of the thread's own, or in one that it was woken
  /// for.
  bool worthwhile(bool own) noexcept {
    // After so many, the rest of the loop has its turn, and the thread has to be woken twice.
    const int turns = own ? ++turns_ : std::exchange(turns_, 0);
    if (turns >= kMostTurns) return false;
    if (left_to_pass_over_ == 0) return true;
    --left_to_pass_over_;
    return false;
  }

  /// Whether a look has found something.
  void looked(bool found) noexcept {
    to_pass_over_ = found ? 0 : std::clamp(2 * to_pass_over_, 1, kMostPassedOver);
    left_to_pass_over_ = to_pass_over_;
  }

 private:
  static constexpr int kMostTurns = 64;
  static constexpr int kMostPassedOver = 128;

  int turns_ = 0;
  int to_pass_over_ = 0;
  int left_to_pass_over_ = 0;
};

}  // namespace rtworkq
