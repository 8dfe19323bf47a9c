// Intervals: threads that sleep until the n-th period after their start.

#include "base/handle.h"
#include "base/module.h"
#include "clock.h"
#include "measures.h"
#include "waitable_timer.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <thread>
#include <vector>

namespace rtworkq::bench {
namespace {

/// Sleeps in units of 100 ns; Sleep() takes whole milliseconds only.
class Delay {
 public:
  Delay() {
    const HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    delay_ = resolve<NtDelayExecution>(ntdll, "NtDelayExecution");
    // NtDelayExecution follows the timer tick. This asks for a tick of 0.5 ms until the process ends.
    ULONG actual = 0;
    if (const auto set = resolve<NtSetTimerResolution>(ntdll, "NtSetTimerResolution")) set(5'000, TRUE, &actual);
  }

  void sleep(std::int64_t units) const {
    LARGE_INTEGER interval;
    interval.QuadPart = -units;
    delay_(FALSE, &interval);
  }

 private:
  using NtDelayExecution = LONG(NTAPI*)(BOOLEAN, LARGE_INTEGER*);
  using NtSetTimerResolution = LONG(NTAPI*)(ULONG, BOOLEAN, ULONG*);

  NtDelayExecution delay_ = nullptr;
};

class Timer {
 public:
  void sleep(std::int64_t units) const {
    set_timer(timer_, units);
    WaitForSingleObject(timer_.get(), INFINITE);
  }

 private:
  const UniqueHandle timer_{make_timer()};
};

/// One interval and what it measured. Owned by the main thread; only the interval's thread writes it until the join.
struct Interval {
  double calls = 0;
  double missed = 0;
  double drift = 0;
  std::vector<double> late;
};

/// In units of 100 ns, rounded up so that a tick is never early.
std::int64_t units_until(double due_ms, std::int64_t start) {
  const double left = due_ms - milliseconds(now() - start);
  return left > 0 ? static_cast<std::int64_t>(std::ceil(left * 10'000)) : 0;
}

/// Counts skipped ticks as missed. Ends half a period after the last tick is due.
template <class Sleeper>
void keep(Interval& interval, double period_ms, double times) {
  const Sleeper sleeper;
  const std::int64_t start = now();
  for (double time = 0; time < times;) {
    const double next = time + 1;
    for (std::int64_t left = 0; (left = units_until(next * period_ms, start)) > 0;) sleeper.sleep(left);
    const double at = milliseconds(now() - start);
    const double reached = std::min(std::max(next, std::floor(at / period_ms)), times);
    interval.missed += reached - next;
    time = reached;
    if (at > (times + 0.5) * period_ms) break;
    ++interval.calls;
    interval.drift = at - time * period_ms;
    interval.late.push_back(interval.drift);
  }
}

template <class Sleeper>
void keep_all(const Numbers& numbers) {
  const double period_ms = numbers.at(1);
  const double times = std::floor(numbers.at(2) * 1'000 / period_ms);
  const double cpu = process_cpu();
  std::vector<Interval> intervals(static_cast<std::size_t>(numbers.at(0)));
  std::vector<std::thread> threads;
  for (auto& interval : intervals) threads.emplace_back([&] { keep<Sleeper>(interval, period_ms, times); });
  for (auto& thread : threads) thread.join();
  Interval sum;
  for (const auto& each : intervals) {
    sum.calls += each.calls;
    sum.missed += each.missed;
    sum.drift = std::max(sum.drift, each.drift);
    sum.late.insert(sum.late.end(), each.late.begin(), each.late.end());
  }
  std::printf("{\"ideal\":%.0f,\"calls\":%.0f,\"missed\":%.0f,\"driftMs\":%.4f,\"cpuMs\":%.3f,\"lateMs\":",
              times * numbers.at(0), sum.calls, sum.missed, sum.drift, process_cpu() - cpu);
  print_list(sum.late);
  std::printf("}\n");
}

}  // namespace

void intervals_by_delay(const Numbers& numbers) { keep_all<Delay>(numbers); }

void intervals_by_timer(const Numbers& numbers) { keep_all<Timer>(numbers); }

}  // namespace rtworkq::bench
