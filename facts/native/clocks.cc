// What QueryPerformanceCounter costs, and whether it counts the time in which the machine slept.

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

/// A function of kernelbase that writes a time in units of 100 ns. In seconds; below zero where it is missing.
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
  say_all("a read", "ns", nanoseconds);
  say("ticks per second", static_cast<double>(bench::ticks_per_second()));
}

void machine_sleep() {
  const double counter = bench::milliseconds(bench::now()) / 1'000;
  const double with_sleep = seconds_by("QueryInterruptTime");
  const double without_sleep = seconds_by("QueryUnbiasedInterruptTime");
  if (with_sleep < 0 || without_sleep < 0) return say("interrupt time", "this Windows has no function for it");
  const double slept = with_sleep - without_sleep;
  say("QueryInterruptTime less QueryUnbiasedInterruptTime, the sleep since the start, s", slept);
  say("QueryPerformanceCounter less QueryInterruptTime, s", counter - with_sleep);
  if (slept < 1) return say("counts sleep", "cannot be told: this machine has not slept since it started");
  // The counter starts with the machine, or at some other time: it agrees with one of the two, or with neither.
  const bool counts = std::abs(counter - with_sleep) < slept / 4;
  const bool skips = std::abs(counter - without_sleep) < slept / 4;
  say("counts sleep", counts ? "yes" : skips ? "no" : "cannot be told: the counter did not start with the machine");
}

}  // namespace rtworkq::facts
