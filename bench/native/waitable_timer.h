// High-resolution waitable timers, the same kind as the package uses. Any thread.

#pragma once

#include "base/handle.h"

#include <windows.h>

#include <utility>

// Older SDKs lack it.
#ifndef CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 0x2
#endif

namespace rtworkq::bench {

inline UniqueHandle make_timer() {
  UniqueHandle fine(CreateWaitableTimerExW(nullptr, nullptr, CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, TIMER_ALL_ACCESS));
  return fine ? std::move(fine) : UniqueHandle(CreateWaitableTimerExW(nullptr, nullptr, 0, TIMER_ALL_ACCESS));
}

/// Sets it to signal after `units` of 100 ns; at least one, because 0 would be an absolute time.
inline void set_timer(const UniqueHandle& timer, long long units) {
  LARGE_INTEGER due;
  due.QuadPart = -(units > 0 ? units : 1);
  SetWaitableTimer(timer.get(), &due, 0, nullptr, nullptr, FALSE);
}

}  // namespace rtworkq::bench
