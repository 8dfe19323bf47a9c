// Wall time and CPU time. Any thread.

#pragma once

#include <windows.h>

#include <cstdint>
#include <cstdio>
#include <vector>

namespace rtworkq::bench {

inline std::int64_t now() {
  LARGE_INTEGER ticks;
  QueryPerformanceCounter(&ticks);
  return ticks.QuadPart;
}

inline std::int64_t ticks_per_second() {
  static const std::int64_t frequency = [] {
    LARGE_INTEGER ticks;
    QueryPerformanceFrequency(&ticks);
    return ticks.QuadPart;
  }();
  return frequency;
}

inline double milliseconds(std::int64_t ticks) {
  return static_cast<double>(ticks) * 1'000.0 / static_cast<double>(ticks_per_second());
}

namespace detail {

/// Kernel plus user time in milliseconds, by GetThreadTimes or GetProcessTimes.
template <class Read>
double cpu(Read read, HANDLE of) {
  FILETIME created;
  FILETIME exited;
  FILETIME kernel;
  FILETIME user;
  if (!read(of, &created, &exited, &kernel, &user)) return 0;
  const auto units = [](const FILETIME& time) {
    return static_cast<double>(ULARGE_INTEGER{{time.dwLowDateTime, time.dwHighDateTime}}.QuadPart);
  };
  return (units(kernel) + units(user)) / 10'000.0;
}

}  // namespace detail

inline double thread_cpu() { return detail::cpu(GetThreadTimes, GetCurrentThread()); }
inline double process_cpu() { return detail::cpu(GetProcessTimes, GetCurrentProcess()); }

/// Measures from its construction.
class Meter {
 public:
  /// Prints one line of JSON: the cost of each of `count` items in nanoseconds.
  void print_per_item(double count) const {
    const double wall = milliseconds(now() - start_);
    const double scale = 1e6 / count;
    std::printf("{\"ns\":%.1f,\"cpuNs\":%.1f,\"processCpuNs\":%.1f}\n", wall * scale, (thread_cpu() - thread_) * scale,
                (process_cpu() - process_) * scale);
  }

 private:
  const double thread_ = thread_cpu();
  const double process_ = process_cpu();
  const std::int64_t start_ = now();
};

/// Prints a JSON array.
inline void print_list(const std::vector<double>& values) {
  std::printf("[");
  const char* separator = "";
  for (const double value : values) {
    std::printf("%s%.4f", separator, value);
    separator = ",";
  }
  std::printf("]");
}

}  // namespace rtworkq::bench
