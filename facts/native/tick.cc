// How often the system timer ticks for this process, with and without timeBeginPeriod.

#include "answers.h"
#include "baseline/clock.h"
#include "rows.h"
#include "rtwq/api.h"

#include <string>
#include <vector>

namespace rtworkq::facts {
namespace {

constexpr int kSleeps = 60;
constexpr UINT kPeriodMs = 1;

void say_resolution(const std::string& when) {
  using Query = LONG(NTAPI*)(ULONG*, ULONG*, ULONG*);
  const auto query = resolve<Query>(GetModuleHandleW(L"ntdll.dll"), "NtQueryTimerResolution");
  ULONG coarsest = 0;
  ULONG finest = 0;
  ULONG current = 0;
  if (!query || query(&coarsest, &finest, &current) != 0) return say(when + ", NtQueryTimerResolution", "failed");
  say(when + ", current ms", current / 10'000.0);
  say(when + ", finest ms", finest / 10'000.0);
}

void say_sleeps(const std::string& when) {
  std::vector<double> lengths;
  for (int left = kSleeps; left > 0; --left) {
    const std::int64_t start = bench::now();
    Sleep(1);
    lengths.push_back(bench::milliseconds(bench::now() - start));
  }
  say_all(when + ", Sleep(1)", "ms", lengths);
}

void measure(const std::string& when) {
  say_sleeps(when);
  say_resolution(when);
}

}  // namespace

void timer_tick() {
  using Request = UINT(WINAPI*)(UINT);
  measure("no request");
  const HMODULE winmm = LoadLibraryExW(L"winmm.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  const auto begin = winmm ? resolve<Request>(winmm, "timeBeginPeriod") : nullptr;
  const auto end = winmm ? resolve<Request>(winmm, "timeEndPeriod") : nullptr;
  if (!begin || !end) return say("timeBeginPeriod", "missing");
  say("timeBeginPeriod(1)", begin(kPeriodMs));
  measure("1 ms requested");
  end(kPeriodMs);
  measure("request ended");
}

}  // namespace rtworkq::facts
