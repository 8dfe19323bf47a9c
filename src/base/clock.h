// The performance counter, which Node's performance.now() also uses. Any thread.

#pragma once

#include <windows.h>

#include <cstdint>

namespace rtworkq::clock {

inline std::int64_t now() noexcept {
  LARGE_INTEGER ticks;
  QueryPerformanceCounter(&ticks);
  return ticks.QuadPart;
}

inline double ticks_per_millisecond() noexcept {
  static const double ticks = [] {
    LARGE_INTEGER frequency;
    QueryPerformanceFrequency(&frequency);
    return static_cast<double>(frequency.QuadPart) / 1'000.0;
  }();
  return ticks;
}

inline double to_milliseconds(std::int64_t ticks) noexcept {
  return static_cast<double>(ticks) / ticks_per_millisecond();
}

}  // namespace rtworkq::clock
