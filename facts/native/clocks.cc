// What QueryPerformanceCounter costs, and whether it includes time the machine was asleep.

#include "answers.h"
#include "baseline/clock.h"
#include "rows.h"
#include "rtwq/api.h"

#include <cmath>
#include <vector>

namespace rtworkq::facts {
namespace {

constexpr int kRounds = 100;
constexpr int kReadsPerRound = 10'000;
constexpr double kSecond = 1e7;  // in units of 100 ns

/// Calls a kernelbase function that writes a time in units of 100 ns. Returns seconds, or a negative number if missing.
double seconds_by(const char* name) {
  using Query = void(WINAPI*)(ULONGLONG*);
  const auto query = resolve<Query>(GetModuleHandleW(L"kernelbase.dll"), name);
  if (!query) return -1;
  ULONGLONG units = 0;
  query(&units);
  return static_cast<double>(units) / kSecond;
}

}  // namespace

void clock_cost() {
  std::vector<double> nanoseconds;
  for (int round = 0; round < kRounds; ++round) {
    const std::int64_t start = bench::now();
    for (int left = kReadsPerRound; left > 0; --left) bench::now();
    nanoseconds.push_back(bench::milliseconds(bench::now() - start) * 1e6 / kReadsPerRound);
  }
  say_all("per read", "ns", nanoseconds);
  say("ticks per second", static_cast<double>(bench::ticks_per_second()));
}

void machine_sleep() {
  const double counter = bench::milliseconds(bench::now()) / 1'000;
  const double with_sleep = seconds_by("QueryInterruptTime");
  const double without_sleep = seconds_by("QueryUnbiasedInterruptTime");
  if (with_sleep < 0 || without_sleep < 0) return say("interrupt time", "not available on this Windows");
  const double slept = with_sleep - without_sleep;
  say("QueryInterruptTime minus QueryUnbiasedInterruptTime (time asleep since boot), s", slept);
  say("QueryPerformanceCounter minus QueryInterruptTime, s", counter - with_sleep);
  if (slept < 1) return say("includes sleep", "unknown: this machine has not slept since it booted");
  // If the counter starts at boot, it matches one of the two times; otherwise it matches neither.
  const bool counts = std::abs(counter - with_sleep) < slept / 4;
  const bool skips = std::abs(counter - without_sleep) < slept / 4;
  say("includes sleep", counts ? "yes" : skips ? "no" : "unknown: the counter did not start at boot");
}

}  // namespace rtworkq::facts
