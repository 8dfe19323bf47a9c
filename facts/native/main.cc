// `facts ROW` runs one row of `npm run facts`. facts/rows.mjs lists them.

#include "answers.h"
#include "rows.h"
#include "rtwq/api.h"
#include "rtwq/platform.h"
#include "work_items.h"

#include <cstdio>
#include <map>
#include <string>

namespace rtworkq::facts {
namespace {

/// For facts/main.js, which reports the host.
void wine() { say("Wine", wine_version() ? wine_version() : "none"); }

struct Row {
  void (*ask)();
  bool platform;  // whether it needs RTWorkQ
};

const std::map<std::wstring, Row> kRows{
    {L"wine", {wine, false}},
    {L"keys", {keys, true}},
    {L"cancelled-waits", {cancelled_waits, true}},
    {L"wait-order", {wait_order, true}},
    {L"queue-threads", {queue_threads, true}},
    {L"private-queues", {private_queues, true}},
    {L"many-waits", {many_waits, true}},
    {L"mmcss-registration", {mmcss_registration, true}},
    {L"async-results", {async_results, true}},
    {L"clock-cost", {clock_cost, false}},
    {L"machine-sleep", {machine_sleep, false}},
    {L"timer-tick", {timer_tick, false}},
    {L"late-timers", {late_timers, false}},
    {L"late-work-items", {late_work_items, true}},
    {L"late-timeouts", {late_timeouts, false}},
    {L"cancelled-pool-waits", {cancelled_pool_waits, false}},
    {L"conserved-semaphore", {conserved_semaphore, false}},
    {L"conserved-event", {conserved_event, false}},
    {L"conserved-timer", {conserved_timer, false}},
    {L"wait-all-twice", {wait_all_twice, false}},
    {L"abandoned-mutex", {abandoned_mutex, false}},
    {L"rights", {rights, false}},
    {L"many-threads", {many_threads, false}},
    {L"switch-to-thread", {switch_to_thread, false}},
};

int answer(const Row& row) {
  if (row.platform) {
    if (!library().usable()) {
      say("RTWorkQ.dll", "missing or too old");
      say_end();
      return 0;
    }
    bench::check(Platform::instance().acquire().result, "RtwqStartup");
  }
  row.ask();
  say_end();
  // No shutdown: a row may leave waits behind that never end.
  return 0;
}

}  // namespace
}  // namespace rtworkq::facts

int wmain(int argc, wchar_t** argv) {
  const auto row = rtworkq::facts::kRows.find(argc > 1 ? argv[1] : L"");
  if (row != rtworkq::facts::kRows.end()) return rtworkq::facts::answer(row->second);
  std::fprintf(stderr, "Usage: facts ROW\n");
  return 2;
}
