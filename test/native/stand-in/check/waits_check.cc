// Checks waiting items. Main thread; the actions run on queue threads.

#include "check/harness.h"

#include <atomic>
#include <random>
#include <string>
#include <vector>

namespace check {
namespace {

HANDLE make_event(bool manual_reset, bool set = false) { return CreateEventW(nullptr, manual_reset, set, nullptr); }

void check_waiting() {
  const RunningPlatform running;
  RTWQWORKITEM_KEY key = 0;
  Tally fired;
  const auto count = [&](IRtwqAsyncResult& result) {
    if (result.GetStatus() == S_OK) fired.add();
  };
  const HANDLE event = make_event(false);
  auto result = make_result(kStandard, count);
  expect("wait: put", rtwq().RtwqPutWaitingWorkItem(event, 0, result.get(), &key), S_OK);
  expect("wait: the key has the top bit set", key >> 63 == 1);
  Sleep(20);
  expect("wait: not invoked before the signal", fired.count() == 0);
  SetEvent(event);
  expect("wait: invoked on the signal", fired.reaches(1));
  expect("wait: consumes the signal", WaitForSingleObject(event, 0) == WAIT_TIMEOUT);
  expect("wait: cancelled too late", rtwq().RtwqCancelWorkItem(key), RTWQ_E_NOT_FOUND);
  SetEvent(event);
  Sleep(20);
  expect("wait: invoked only once", fired.count() == 1);

  expect("wait: on a signalled event", rtwq().RtwqPutWaitingWorkItem(event, 0, result.get(), &key), S_OK);
  expect("wait: on a signalled event, invoked", fired.reaches(2));
  CloseHandle(event);
  expect("wait: a closed handle", FAILED(rtwq().RtwqPutWaitingWorkItem(event, 0, result.get(), &key)));
  const HANDLE nonsense = reinterpret_cast<HANDLE>(static_cast<ULONG_PTR>(0x7ABCDE0));
  expect("wait: not a handle", rtwq().RtwqPutWaitingWorkItem(nonsense, 0, result.get(), &key), E_HANDLE);
  expect("wait: a bad priority", rtwq().RtwqPutWaitingWorkItem(nullptr, 2, result.get(), &key), E_INVALIDARG);
  result = make_result(kLongFunction, count);
  expect("wait: on the long function queue", rtwq().RtwqPutWaitingWorkItem(nullptr, 0, result.get(), &key),
         E_INVALIDARG);
}

void check_waiting_cancelled() {
  const RunningPlatform running;
  const HANDLE event = make_event(false);
  for (const HANDLE handle : {static_cast<HANDLE>(nullptr), event}) {
    const std::string name = handle ? "cancelled wait: " : "cancelled wait for nothing: ";
    RTWQWORKITEM_KEY key = 0;
    Tally ran;
    std::atomic<DWORD> thread{0};
    std::atomic<HRESULT> status{S_OK};
    auto result = make_result(kStandard, [&](IRtwqAsyncResult& each) {
      thread = GetCurrentThreadId();
      status = each.GetStatus();
      ran.add();
    });
    rtwq().RtwqPutWaitingWorkItem(handle, 0, result.get(), &key);
    expect(name + "cancel returns S_OK", rtwq().RtwqCancelWorkItem(key), S_OK);
    expect(name + "invoked", ran.reaches(1));
    expect(name + "as cancelled", status, RTWQ_E_OPERATION_CANCELLED);
    expect(name + "on another thread", thread != GetCurrentThreadId());
    expect(name + "cancelled twice", rtwq().RtwqCancelWorkItem(key), RTWQ_E_NOT_FOUND);
  }
  CloseHandle(event);
}

void check_many_waiting() {
  const RunningPlatform running;
  constexpr LONG kItems = 1000;
  Tally fired;
  std::vector<HANDLE> events;
  for (LONG index = 0; index < kItems; ++index) {
    events.push_back(make_event(true));
    RTWQWORKITEM_KEY key = 0;
    rtwq().RtwqPutWaitingWorkItem(events.back(), 0, make_result(kMultithreaded, [&](auto&) { fired.add(); }).get(),
                                  &key);
  }
  for (const HANDLE event : events) SetEvent(event);
  expect("wait: a thousand at once", fired.reaches(kItems));
  for (const HANDLE event : events) CloseHandle(event);
}

/// Every item is invoked exactly once, either normally or as cancelled.
void check_waiting_races() {
  const RunningPlatform running;
  constexpr LONG kItems = 500;
  Tally normally;
  Tally as_cancelled;
  for (LONG index = 0; index < kItems; ++index) {
    const HANDLE event = make_event(true);
    RTWQWORKITEM_KEY key = 0;
    const auto result = make_result(
        kMultithreaded, [&](IRtwqAsyncResult& each) { (each.GetStatus() == S_OK ? normally : as_cancelled).add(); });
    rtwq().RtwqPutWaitingWorkItem(event, 0, result.get(), &key);
    SetEvent(event);
    for (LONG spin = 0; spin < index % 5; ++spin) SwitchToThread();
    rtwq().RtwqCancelWorkItem(key);
    CloseHandle(event);
  }
  for (int patience = 0; patience < 500 && normally.count() + as_cancelled.count() < kItems; ++patience) Sleep(10);
  Sleep(20);
  expect("wait: signalled or cancelled, never both", normally.count() + as_cancelled.count() == kItems);
}

/// Signals are released while waits are put and cancelled: each is taken by a wait or left, and none is lost. With
/// many pending waits, they do not fit on one thread.
void check_conservation(std::size_t max_pending) {
  const RunningPlatform running;
  constexpr LONG kSignals = 2000;
  const HANDLE semaphore = CreateSemaphoreW(nullptr, 0, kSignals, nullptr);
  Tally taken;
  Tally invoked;
  LONG released = 0;
  LONG put = 0;
  LONG cancelled = 0;
  std::vector<RTWQWORKITEM_KEY> keys;
  std::minstd_rand random;
  const auto cancel = [&](std::size_t index) {
    if (SUCCEEDED(rtwq().RtwqCancelWorkItem(keys[index]))) ++cancelled;
    keys[index] = keys.back();
    keys.pop_back();
  };
  while (released < kSignals) {
    if (keys.size() < max_pending) {
      const auto result = make_result(kMultithreaded, [&](IRtwqAsyncResult& each) {
        if (each.GetStatus() == S_OK) taken.add();
        invoked.add();
      });
      rtwq().RtwqPutWaitingWorkItem(semaphore, 0, result.get(), &keys.emplace_back());
      ++put;
    }
    if (random() % 3 == 0) SwitchToThread();
    if (random() % 2 == 0) released += ReleaseSemaphore(semaphore, 1, nullptr);
    for (auto spin = random() % 3000; spin > 0; --spin) YieldProcessor();
    if (random() % 2 == 0) cancel(random() % keys.size());
  }
  while (!keys.empty()) cancel(0);
  const std::string name = "wait: up to " + std::to_string(max_pending) + " random waits: ";
  expect(name + "all are invoked", invoked.reaches(put) && invoked.count() == put);
  LONG left = 0;
  while (WaitForSingleObject(semaphore, 0) == WAIT_OBJECT_0) ++left;
  expect(name + "some take a signal, and some are cancelled",
         taken.count() > 0 && taken.count() < put && cancelled > 0);
  expect(name + "no signal is lost", taken.count() + left, released);
  CloseHandle(semaphore);
}

/// A signal that arrives after a cancel stays with its object.
void check_signal_after_cancel() {
  const RunningPlatform running;
  constexpr LONG kItems = 300;
  const HANDLE event = make_event(false);
  Tally as_cancelled;
  LONG left = 0;
  for (LONG index = 0; index < kItems; ++index) {
    const auto result = make_result(kMultithreaded, [&](IRtwqAsyncResult& each) {
      if (each.GetStatus() == RTWQ_E_OPERATION_CANCELLED) as_cancelled.add();
    });
    RTWQWORKITEM_KEY key = 0;
    rtwq().RtwqPutWaitingWorkItem(event, 0, result.get(), &key);
    if (index % 2 == 0) SwitchToThread();
    rtwq().RtwqCancelWorkItem(key);
    SetEvent(event);
    if (!as_cancelled.reaches(index + 1)) break;
    if (WaitForSingleObject(event, 0) == WAIT_OBJECT_0) ++left;
  }
  expect("wait: a signal after a cancel is not taken", left == kItems);
  CloseHandle(event);
}

/// A handle that can be duplicated but not waited for never fires, and does not stop the waits on its thread.
void check_bad_handle() {
  const RunningPlatform running;
  const HANDLE section = CreateFileMappingW(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, 4096, nullptr);
  const HANDLE before = make_event(false);
  const HANDLE after = make_event(false);
  Tally fired;
  Tally as_cancelled;
  RTWQWORKITEM_KEY key = 0;
  RTWQWORKITEM_KEY bad = 0;
  const auto put = [&](HANDLE handle, RTWQWORKITEM_KEY& out) {
    const auto result = make_result(
        kMultithreaded, [&](IRtwqAsyncResult& each) { (each.GetStatus() == S_OK ? fired : as_cancelled).add(); });
    return rtwq().RtwqPutWaitingWorkItem(handle, 0, result.get(), &out);
  };
  put(before, key);
  expect("wait: a bad handle", put(section, bad), S_OK);
  put(after, key);
  SetEvent(after);
  expect("wait: a bad handle does not stop those after it", fired.reaches(1));
  SetEvent(before);
  expect("wait: a bad handle does not stop those before it", fired.reaches(2));
  expect("wait: a bad handle is cancelled", rtwq().RtwqCancelWorkItem(bad), S_OK);
  expect("wait: a bad handle is invoked as cancelled", as_cancelled.reaches(1) && fired.count() == 2);
  for (const HANDLE handle : {section, before, after}) CloseHandle(handle);
}

/// After a shutdown, pending waits take no signal and have released their results.
void check_waiting_at_shutdown() {
  constexpr LONG kItems = 100;
  const HANDLE event = make_event(false);
  Tally invoked;
  const auto result = make_result(kMultithreaded, [&](auto&) { invoked.add(); });
  {
    const RunningPlatform running;
    RTWQWORKITEM_KEY key = 0;
    for (LONG index = 0; index < kItems; ++index) rtwq().RtwqPutWaitingWorkItem(event, 0, result.get(), &key);
  }
  SetEvent(event);
  expect("wait: a shutdown releases the results", references(*result) == 1);
  expect("wait: takes no signal after a shutdown", WaitForSingleObject(event, 0) == WAIT_OBJECT_0);
  expect("wait: is not invoked after a shutdown", invoked.count() == 0);
  CloseHandle(event);
}

}  // namespace

void check_waits() {
  check_waiting();
  check_waiting_cancelled();
  check_many_waiting();
  check_waiting_races();
  check_conservation(4);
  check_conservation(150);
  check_signal_after_cancel();
  check_bad_handle();
  check_waiting_at_shutdown();
}

}  // namespace check
