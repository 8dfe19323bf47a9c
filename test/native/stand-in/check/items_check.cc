// Checks async results and scheduled items. Main thread.

#include "check/harness.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <vector>

namespace check {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

void check_results() {
  const RunningPlatform running;
  const auto object = make_object();
  const auto state = make_object();
  auto result = make_result(kStandard, [](auto&) {}, object.get(), state.get());
  ComPtr<IUnknown> out;
  expect("result: holds object and state", references(*object) == 2 && references(*state) == 2);
  expect("result: object", SUCCEEDED(result->GetObject(out.put())) && out.get() == object.get());
  expect("result: state", SUCCEEDED(result->GetState(out.put())) && out.get() == state.get());
  expect("result: state without a reference", result->GetStateNoAddRef() == state.get());
  out.reset();
  expect("result: status",
         result->GetStatus() == S_OK && result->SetStatus(E_ABORT) == S_OK && result->GetStatus() == E_ABORT);
  expect("result: has the documented layout", static_cast<RTWQASYNCRESULT*>(result.get())->hrStatusResult == E_ABORT &&
                                                  static_cast<RTWQASYNCRESULT*>(result.get())->pCallback != nullptr);
  result.reset();
  expect("result: releases object and state", references(*object) == 1 && references(*state) == 1);
  result = make_result(kStandard, [](auto&) {});
  expect("result: no object", result->GetObject(out.put()), E_POINTER);
  expect("result: no state", result->GetState(out.put()), E_POINTER);
  expect("result: null out pointer", rtwq().RtwqCreateAsyncResult(nullptr, nullptr, nullptr, nullptr), E_POINTER);
}

void check_scheduled() {
  const RunningPlatform running;
  RTWQWORKITEM_KEY key = 0;
  Tally fired;
  std::atomic<double> after{0};
  const auto start = Clock::now();
  const auto note = [&](auto&) {
    after = milliseconds_since(start);
    fired.add();
  };
  expect("schedule: 30 ms", rtwq().RtwqScheduleWorkItem(make_result(kStandard, note).get(), -30, &key), S_OK);
  expect("schedule: the key has the top bit set", key >> 63 == 1);
  expect("schedule: fires on time", fired.reaches(1) && after >= 30 && after < 1000);
  expect("schedule: cancelled too late", rtwq().RtwqCancelWorkItem(key), RTWQ_E_NOT_FOUND);
  expect("schedule: 0 ms", rtwq().RtwqScheduleWorkItem(make_result(kStandard, note).get(), 0, &key), S_OK);
  expect("schedule: 0 ms fires", fired.reaches(2));
  expect("schedule: a positive timeout", rtwq().RtwqScheduleWorkItem(make_result(kStandard, note).get(), 1, &key),
         E_INVALIDARG);
  expect("schedule: an unknown queue", rtwq().RtwqScheduleWorkItem(make_result(kUnknownQueue, note).get(), 0, &key),
         RTWQ_E_INVALID_WORKQUEUE);
  auto result = make_result(kStandard, note);
  expect("schedule: null key pointer", rtwq().RtwqScheduleWorkItem(result.get(), 0, nullptr), E_POINTER);

  expect("schedule: the longest timeout", rtwq().RtwqScheduleWorkItem(result.get(), INT64_MIN, &key), S_OK);
  expect("schedule: cancelled", rtwq().RtwqCancelWorkItem(key), S_OK);
  expect("schedule: a cancelled item releases its result immediately", references(*result) == 1);
  expect("schedule: cancelled twice", rtwq().RtwqCancelWorkItem(key), RTWQ_E_NOT_FOUND);

  // Items fire in the order of their due times, not in the order in which they were scheduled.
  std::string order;
  Tally done;
  for (const auto& [name, ms] : {std::pair('c', -60), std::pair('a', -20), std::pair('d', -80), std::pair('b', -40)}) {
    const auto item = make_result(kStandard, [&, name = name](auto&) {
      order += name;
      done.add();
    });
    rtwq().RtwqScheduleWorkItem(item.get(), ms, &key);
  }
  expect("schedule: items fire in the order of their due times", done.reaches(4) && order == "abcd");
}

/// Every item is either cancelled or invoked, never both.
void check_scheduled_races() {
  const RunningPlatform running;
  constexpr LONG kItems = 2000;
  Tally invoked;
  LONG cancelled = 0;
  for (LONG index = 0; index < kItems; ++index) {
    RTWQWORKITEM_KEY key = 0;
    rtwq().RtwqScheduleWorkItem(make_result(kMultithreaded, [&](auto&) { invoked.add(); }).get(), -(index % 2), &key);
    if (index % 3 == 0) SwitchToThread();
    if (index % 50 == 0) Sleep(1);
    if (SUCCEEDED(rtwq().RtwqCancelWorkItem(key))) ++cancelled;
  }
  expect("schedule: cancelled or invoked, never both", invoked.reaches(kItems - cancelled));
  Sleep(20);
  expect("schedule: cancelled items never run", invoked.count() == kItems - cancelled && cancelled > 0);
}

void check_tick() {
  const RunningPlatform running;
  SetEnvironmentVariableW(L"RTWORKQ_STANDIN", L"tick");
  std::vector<double> errors;
  for (int index = 0; index < 20; ++index) {
    Tally fired;
    RTWQWORKITEM_KEY key = 0;
    Sleep(static_cast<DWORD>(index % 7));
    const auto start = Clock::now();
    double after = 0;
    const auto item = make_result(kStandard, [&](auto&) {
      after = milliseconds_since(start);
      fired.add();
    });
    rtwq().RtwqScheduleWorkItem(item.get(), -20, &key);
    fired.reaches(1);
    errors.push_back(after - 20);
  }
  SetEnvironmentVariableW(L"RTWORKQ_STANDIN", nullptr);
  const auto [least, most] = std::minmax_element(errors.begin(), errors.end());
  expect("tick: never a whole tick early", *least > -15.625);
  expect("tick: lateness varies", *most - *least > 2);
}

}  // namespace

void check_items() {
  check_results();
  check_scheduled();
  check_scheduled_races();
  check_tick();
}

}  // namespace check
