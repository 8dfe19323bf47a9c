// Checks work queues: ids, order, threads, unlocking, serial and shared queues. Main thread.

#include "check/harness.h"

#include <objbase.h>

#include <algorithm>
#include <atomic>
#include <vector>

namespace check {
namespace {

/// Whether a queue runs that many items at once: each waits until all have started.
bool runs_together(DWORD queue, LONG count) {
  Tally inside;
  Tally met;
  for (LONG index = 0; index < count; ++index) {
    put(queue, [&](auto&) {
      inside.add();
      if (inside.reaches(count)) met.add();
    });
  }
  // One after the other, because a busy machine takes long to start all.
  return inside.reaches(count) && met.reaches(count);
}

/// Whether a queue runs one item at a time.
bool runs_in_order(DWORD queue) {
  constexpr LONG kItems = 5;
  Tally done;
  std::atomic<int> inside{0};
  std::atomic<bool> alone{true};
  for (LONG index = 0; index < kItems; ++index) {
    put(queue, [&](auto&) {
      if (++inside > 1) alone = false;
      Sleep(10);
      --inside;
      done.add();
    });
  }
  return done.reaches(kItems) && alone;
}

/// The order in which a queue ran items that were put while it was busy.
std::string order_of(DWORD queue, const std::vector<std::pair<char, LONG>>& items) {
  Tally done;
  std::string order;
  put(queue, [](auto&) { Sleep(30); });
  for (const auto& [name, priority] : items) {
    put(
        queue,
        [&, name = name](auto&) {
          order += name;
          done.add();
        },
        priority);
  }
  done.reaches(static_cast<LONG>(items.size()));
  return order;
}

bool is_in(APTTYPE wanted, APTTYPE or_else) {
  APTTYPE type;
  APTTYPEQUALIFIER qualifier;
  return SUCCEEDED(CoGetApartmentType(&type, &qualifier)) && (type == wanted || type == or_else);
}

void check_ids() {
  const RunningPlatform running;
  const auto nothing = [](auto&) {};
  for (const DWORD queue : {2UL, 3UL, 4UL, static_cast<unsigned long>(kUnknownQueue)}) {
    const std::string id = std::to_string(queue);
    expect("ids: put on queue " + id, put(queue, nothing), RTWQ_E_INVALID_WORKQUEUE);
    expect("ids: lock queue " + id, rtwq().RtwqLockWorkQueue(queue), RTWQ_E_INVALID_WORKQUEUE);
  }
  Tally ran;
  const auto count = [&](auto&) { ran.add(); };
  expect("ids: 0 is the standard queue", put(0, count), S_OK);
  expect("ids: a callback without a preferred queue",
         rtwq().RtwqInvokeCallback(make_result(kNoPreference, count).get()), S_OK);
  expect("ids: both ran", ran.reaches(2));
  expect("ids: invoke on an unknown queue", rtwq().RtwqInvokeCallback(make_result(kUnknownQueue, count).get()),
         RTWQ_E_INVALID_WORKQUEUE);
  DWORD queue = 0;
  expect("ids: a bad type", rtwq().RtwqAllocateWorkQueue(static_cast<RTWQ_WORKQUEUE_TYPE>(3), &queue), E_INVALIDARG);
  expect("ids: null id pointer", rtwq().RtwqAllocateWorkQueue(RTWQ_STANDARD_WORKQUEUE, nullptr), E_POINTER);
  expect("ids: private ids have high bits", (allocate() & 0xFFFF0000) != 0);
  expect("ids: a priority too high", put(kStandard, nothing, 2), E_INVALIDARG);
  expect("ids: a priority too low", put(kStandard, nothing, -2), E_INVALIDARG);
  ComPtr<IRtwqAsyncResult> without_callback;
  rtwq().RtwqCreateAsyncResult(nullptr, nullptr, nullptr, without_callback.put());
  expect("ids: no callback", rtwq().RtwqPutWorkItem(kStandard, 0, without_callback.get()), E_POINTER);

  std::vector<DWORD> many;
  HRESULT last = S_OK;
  for (DWORD id = 0; SUCCEEDED(last = rtwq().RtwqAllocateWorkQueue(RTWQ_STANDARD_WORKQUEUE, &id));) many.push_back(id);
  expect("ids: too many queues", last, E_FAIL);
  for (const DWORD id : many) rtwq().RtwqUnlockWorkQueue(id);
  expect("ids: unlocking makes room", allocate() != 0);
}

void check_threads() {
  const RunningPlatform running;
  expect("threads: the standard queue is serial", runs_in_order(kStandard));
  expect("threads: a private standard queue is serial", runs_in_order(allocate()));
  expect("threads: the multithreaded queue overlaps", runs_together(kMultithreaded, 5));
  expect("threads: a private multithreaded queue overlaps", runs_together(allocate(RTWQ_MULTITHREADED_WORKQUEUE), 5));
  expect("threads: long functions have threads of their own", runs_together(kLongFunction, 100));

  const DWORD queue = allocate(RTWQ_MULTITHREADED_WORKQUEUE);
  expect("threads: long-running", rtwq().RtwqSetLongRunning(queue, TRUE), S_OK);
  expect("threads: long-running items have threads of their own", runs_together(queue, 100));
  expect("threads: a long-running serial queue is serial",
         SUCCEEDED(rtwq().RtwqSetLongRunning(kStandard, TRUE)) && runs_in_order(kStandard));
  expect("threads: long-running, unknown", rtwq().RtwqSetLongRunning(kUnknownQueue, TRUE), RTWQ_E_INVALID_WORKQUEUE);

  Tally right;
  put(kStandard, [&](auto&) {
    if (is_in(APTTYPE_MTA, APTTYPE_MTA)) right.add();
  });
  put(kLongFunction, [&](auto&) {
    if (is_in(APTTYPE_STA, APTTYPE_MAINSTA)) right.add();
  });
  expect("threads: the apartments", right.reaches(2));

  const std::vector<std::pair<char, LONG>> items{{'a', -1}, {'b', 0}, {'c', 1}, {'d', 0}, {'e', 1}, {'f', -1}};
  expect("threads: priorities on the standard queue", order_of(kStandard, items) == "cebdaf");
  expect("threads: priorities on a window queue", order_of(allocate(RTWQ_WINDOW_WORKQUEUE), items) == "cebdaf");
}

Tally timer_ticks;
std::atomic<DWORD> timer_thread{0};

void CALLBACK on_window_timer(HWND, UINT, UINT_PTR, DWORD) {
  timer_thread = GetCurrentThreadId();
  timer_ticks.add();
}

void check_window() {
  const RunningPlatform running;
  const DWORD queue = allocate(RTWQ_WINDOW_WORKQUEUE);
  std::atomic<DWORD> first{0};
  std::atomic<DWORD> second{0};
  Tally ran;
  const LONG ticks = timer_ticks.count();
  put(queue, [&](auto&) {
    first = GetCurrentThreadId();
    SetTimer(nullptr, 0, 10, on_window_timer);
    ran.add();
  });
  expect("window: messages are dispatched", timer_ticks.reaches(ticks + 3));
  put(queue, [&](auto&) {
    second = GetCurrentThreadId();
    ran.add();
  });
  expect("window: one thread", ran.reaches(2) && first == second && first == timer_thread);
  DWORD serial = 0;
  expect("window: no serial queue on top", rtwq().RtwqAllocateSerialWorkQueue(queue, &serial), E_INVALIDARG);
  rtwq().RtwqUnlockWorkQueue(queue);
}

void check_unlock() {
  const RunningPlatform running;
  for (const auto type : {RTWQ_STANDARD_WORKQUEUE, RTWQ_WINDOW_WORKQUEUE, RTWQ_MULTITHREADED_WORKQUEUE}) {
    const std::string name = "unlock, type " + std::to_string(type) + ": ";
    const DWORD queue = allocate(type);
    Tally ran;
    const auto count = [&](auto&) {
      Sleep(2);
      ran.add();
    };
    RTWQWORKITEM_KEY key = 0;
    const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    for (int index = 0; index < 10; ++index) put(queue, count);
    rtwq().RtwqScheduleWorkItem(make_result(queue, count).get(), -30, &key);
    rtwq().RtwqPutWaitingWorkItem(event, 0, make_result(queue, count).get(), &key);
    expect(name + "a second lock", rtwq().RtwqLockWorkQueue(queue), S_OK);
    rtwq().RtwqUnlockWorkQueue(queue);
    expect(name + "still works with one lock left", put(queue, count), S_OK);
    expect(name + "the last unlock", rtwq().RtwqUnlockWorkQueue(queue), S_OK);
    expect(name + "new items are rejected", put(queue, count), RTWQ_E_INVALID_WORKQUEUE);
    expect(name + "can no longer be locked", rtwq().RtwqLockWorkQueue(queue), RTWQ_E_INVALID_WORKQUEUE);
    expect(name + "can no longer be unlocked", rtwq().RtwqUnlockWorkQueue(queue), RTWQ_E_INVALID_WORKQUEUE);
    SetEvent(event);
    expect(name + "items already there still run", ran.reaches(13));
    CloseHandle(event);

    Tally unlocked;
    const DWORD own = allocate(type);
    put(own, [&](auto&) {
      rtwq().RtwqUnlockWorkQueue(own);
      unlocked.add();
    });
    expect(name + "by its own callback", unlocked.reaches(1));
  }
  expect("unlock: the standard queue stays",
         SUCCEEDED(rtwq().RtwqLockWorkQueue(kStandard)) && SUCCEEDED(rtwq().RtwqUnlockWorkQueue(kStandard)) &&
             SUCCEEDED(rtwq().RtwqUnlockWorkQueue(kStandard)) && SUCCEEDED(put(kStandard, [](auto&) {})));
}

void check_serial() {
  const RunningPlatform running;
  const DWORD target = allocate(RTWQ_MULTITHREADED_WORKQUEUE);
  DWORD serial = 0;
  expect("serial: on an unknown queue", rtwq().RtwqAllocateSerialWorkQueue(kUnknownQueue, &serial),
         RTWQ_E_INVALID_WORKQUEUE);
  expect("serial: on a multithreaded queue", rtwq().RtwqAllocateSerialWorkQueue(target, &serial), S_OK);
  expect("serial: items run one at a time", runs_in_order(serial));
  expect("serial: its target still runs items in parallel", runs_together(target, 5));
  rtwq().RtwqUnlockWorkQueue(target);
  expect("serial: holds a lock on its target", put(target, [](auto&) {}), S_OK);
  rtwq().RtwqUnlockWorkQueue(serial);
  expect("serial: unlocking it unlocks its target", put(target, [](auto&) {}), RTWQ_E_INVALID_WORKQUEUE);

  for (const DWORD system : {kStandard, kMultithreaded, kLongFunction}) {
    DWORD over = 0;
    rtwq().RtwqAllocateSerialWorkQueue(system, &over);
    Tally done;
    std::string order;
    for (char name = 'a'; name <= 'z'; ++name) {
      put(over, [&, name](auto&) {
        order += name;
        done.add();
      });
    }
    // Unlock while its items are still queued.
    rtwq().RtwqUnlockWorkQueue(over);
    expect("serial: in order on queue " + std::to_string(system),
           done.reaches(26) && order == "abcdefghijklmnopqrstuvwxyz");
  }
}

void check_shared() {
  constexpr HRESULT kUnknownClass = static_cast<HRESULT>(0x8007060E);  // ERROR_INVALID_TASK_NAME
  const RunningPlatform running;
  DWORD regular = 0;
  DWORD again = 0;
  DWORD task = 0;
  const auto lock = [](const wchar_t* name, LONG priority, DWORD* task_id, DWORD& queue) {
    return rtwq().RtwqLockSharedWorkQueue(name, priority, task_id, &queue);
  };
  expect("shared: the regular queue", lock(L"", 0, nullptr, regular), S_OK);
  expect("shared: the regular queue is shared", SUCCEEDED(lock(L"", 0, nullptr, again)) && regular == again);
  expect("shared: overlaps", runs_together(regular, 5));
  expect("shared: the regular queue has no priority", lock(L"", 1, nullptr, again), E_INVALIDARG);
  expect("shared: the regular queue takes no task id", lock(L"", 0, &task, again), E_INVALIDARG);
  expect("shared: a class needs a task id", lock(L"Audio", 0, nullptr, again), E_INVALIDARG);
  rtwq().RtwqUnlockWorkQueue(regular);
  expect("shared: still locked", put(regular, [](auto&) {}), S_OK);
  rtwq().RtwqUnlockWorkQueue(regular);
  expect("shared: gone", put(regular, [](auto&) {}), RTWQ_E_INVALID_WORKQUEUE);

  DWORD audio = 0;
  DWORD other = 0;
  DWORD other_task = 0;
  expect("shared: a new group", lock(L"Pro Audio", 1, &task, audio), S_OK);
  expect("shared: has an id", task != 0);
  expect("shared: another new group", SUCCEEDED(lock(L"Pro Audio", 1, &other_task, other)) && other != audio &&
                                          other_task != task && other_task != 0);
  expect("shared: the same group", SUCCEEDED(lock(L"pro audio", 1, &task, again)) && again == audio);
  expect("shared: a group of another class", lock(L"Games", 1, &task, again), E_INVALIDARG);
  DWORD unknown_task = 4711;
  expect("shared: an unknown group", lock(L"Games", 1, &unknown_task, again), E_INVALIDARG);
  DWORD none = 0;
  expect("shared: a priority too high", lock(L"Games", 3, &none, again), E_INVALIDARG);
  expect("shared: a priority too low", lock(L"Games", -3, &none, again), E_INVALIDARG);
  expect("shared: an unknown class", lock(L"No Such Class", 0, &none, again), kUnknownClass);
  expect("shared: a class that is not for sharing", lock(L"DisplayPostProcessing", 0, &none, again), E_INVALIDARG);
}

}  // namespace

void check_queues() {
  check_ids();
  check_threads();
  check_window();
  check_unlock();
  check_serial();
  check_shared();
}

}  // namespace check
