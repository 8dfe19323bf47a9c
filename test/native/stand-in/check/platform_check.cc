// Checks starts, shutdowns and locks, and what happens to items at a shutdown. Main thread.

#include "check/harness.h"

#include <objbase.h>

#include <thread>
#include <vector>

namespace check {
namespace {

HRESULT is_up() {
  DWORD queue = 0;
  const HRESULT allocated = rtwq().RtwqAllocateWorkQueue(RTWQ_STANDARD_WORKQUEUE, &queue);
  if (SUCCEEDED(allocated)) rtwq().RtwqUnlockWorkQueue(queue);
  return allocated;
}

void check_down() {
  const auto result = make_result(kStandard, [](auto&) {});
  RTWQWORKITEM_KEY key = 0;
  DWORD number = 0;
  expect("down: an async result can be made", static_cast<bool>(result));
  expect("down: put", rtwq().RtwqPutWorkItem(kStandard, 0, result.get()), RTWQ_E_SHUTDOWN);
  expect("down: invoke", rtwq().RtwqInvokeCallback(result.get()), RTWQ_E_SHUTDOWN);
  expect("down: schedule", rtwq().RtwqScheduleWorkItem(result.get(), -1, &key), RTWQ_E_SHUTDOWN);
  expect("down: wait", rtwq().RtwqPutWaitingWorkItem(nullptr, 0, result.get(), &key), RTWQ_E_SHUTDOWN);
  expect("down: cancel", rtwq().RtwqCancelWorkItem(1), RTWQ_E_SHUTDOWN);
  expect("down: allocate", rtwq().RtwqAllocateWorkQueue(RTWQ_STANDARD_WORKQUEUE, &number), RTWQ_E_SHUTDOWN);
  expect("down: lock a shared queue", rtwq().RtwqLockSharedWorkQueue(L"", 0, nullptr, &number), RTWQ_E_SHUTDOWN);
  expect("down: lock a queue", rtwq().RtwqLockWorkQueue(kStandard), RTWQ_E_SHUTDOWN);
  expect("down: a task id", rtwq().RtwqGetWorkQueueMMCSSTaskId(kStandard, &number), RTWQ_E_SHUTDOWN);
  expect("down: an extra shutdown", rtwq().RtwqShutdown(), S_OK);
}

void check_counts() {
  rtwq().RtwqStartup();
  rtwq().RtwqStartup();
  rtwq().RtwqShutdown();
  expect("starts are counted", is_up(), S_OK);
  rtwq().RtwqLockPlatform();
  rtwq().RtwqShutdown();
  expect("a lock keeps the platform up", is_up(), S_OK);
  rtwq().RtwqUnlockPlatform();
  expect("the last unlock shuts down", is_up(), RTWQ_E_SHUTDOWN);
  expect("an extra unlock", rtwq().RtwqUnlockPlatform(), S_OK);
}

void check_apartment() {
  APTTYPE type;
  APTTYPEQUALIFIER qualifier;
  const RunningPlatform running;
  expect("up: the thread is in the implicit multithreaded apartment",
         SUCCEEDED(CoGetApartmentType(&type, &qualifier)) && type == APTTYPE_MTA);
}

class Events final : public rtworkq::ComObject<IRtwqPlatformEvents> {
 public:
  HRESULT STDMETHODCALLTYPE InitializationComplete() noexcept override { return note('i'); }
  HRESULT STDMETHODCALLTYPE ShutdownStart() noexcept override { return note('s'); }
  HRESULT STDMETHODCALLTYPE ShutdownComplete() noexcept override { return note('c'); }

  std::string seen;

 private:
  HRESULT note(char event) {
    seen += event;
    // Handlers may call RTWorkQ.
    rtwq().RtwqLockWorkQueue(kStandard);
    return S_OK;
  }
};

void check_events() {
  const auto events = rtworkq::make<Events>();
  expect("events: registered while down", rtwq().RtwqRegisterPlatformEvents(events.get()), S_OK);
  expect("events: registered twice", rtwq().RtwqRegisterPlatformEvents(events.get()), E_INVALIDARG);
  expect("events: hold a reference", references(*events) == 2);
  rtwq().RtwqStartup();
  rtwq().RtwqStartup();
  rtwq().RtwqShutdown();
  expect("events: the first start", events->seen == "i");
  rtwq().RtwqShutdown();
  rtwq().RtwqShutdown();
  expect("events: the last shutdown", events->seen == "isc");
  expect("events: unregistered", rtwq().RtwqUnregisterPlatformEvents(events.get()), S_OK);
  expect("events: release the reference", references(*events) == 1);
  expect("events: unregistered twice", rtwq().RtwqUnregisterPlatformEvents(events.get()), E_INVALIDARG);
}

void check_items_at_shutdown() {
  Tally ran;
  rtwq().RtwqStartup();
  for (int index = 0; index < 10; ++index) {
    put(kStandard, [&](auto&) {
      Sleep(1);
      ran.add();
    });
  }
  RTWQWORKITEM_KEY key = 0;
  Tally wrong;
  auto scheduled = make_result(kStandard, [&](auto&) { wrong.add(); });
  auto waiting = make_result(kStandard, [&](auto&) { wrong.add(); });
  const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, nullptr);
  rtwq().RtwqPutWaitingWorkItem(event, 0, waiting.get(), &key);
  rtwq().RtwqScheduleWorkItem(scheduled.get(), -20, &key);
  rtwq().RtwqShutdown();
  expect("shutdown: queued items still run", ran.reaches(10));
  expect("shutdown: keys are invalid", rtwq().RtwqCancelWorkItem(key), RTWQ_E_SHUTDOWN);
  SetEvent(event);
  Sleep(60);
  expect("shutdown: pending items are not invoked", wrong.count() == 0);
  expect("shutdown: a scheduled item leaks its reference", references(*scheduled) == 2);
  scheduled->Release();
  expect("shutdown: a waiting item releases its result", references(*waiting) == 1);
  CloseHandle(event);
}

void check_restarts() {
  Tally ran;
  LONG wanted = 0;
  for (int round = 0; round < 200; ++round) {
    rtwq().RtwqStartup();
    RTWQWORKITEM_KEY key = 0;
    for (const DWORD queue : {kStandard, kMultithreaded, allocate(), allocate(RTWQ_MULTITHREADED_WORKQUEUE)}) {
      if (SUCCEEDED(put(queue, [&](auto&) { ran.add(); }))) ++wanted;
    }
    rtwq().RtwqScheduleWorkItem(make_result(kStandard, [](auto&) {}).get(), 0, &key);
    rtwq().RtwqShutdown();
  }
  expect("restarts: every item is accepted and runs", wanted == 800 && ran.reaches(wanted));

  Tally down;
  rtwq().RtwqStartup();
  put(kStandard, [&](auto&) {
    rtwq().RtwqShutdown();
    down.add();
  });
  expect("shutdown by a callback", down.reaches(1));
  expect("shutdown by a callback: down", is_up(), RTWQ_E_SHUTDOWN);
}

/// Several threads start, use and shut down the platform at the same time.
void check_concurrent_use() {
  std::vector<std::thread> threads;
  Tally ran;
  Tally put_count;
  for (int index = 0; index < 4; ++index) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        rtwq().RtwqStartup();
        for (const auto type : {RTWQ_STANDARD_WORKQUEUE, RTWQ_MULTITHREADED_WORKQUEUE}) {
          const DWORD queue = allocate(type);
          DWORD serial = 0;
          rtwq().RtwqAllocateSerialWorkQueue(queue, &serial);
          for (const DWORD each : {queue, serial}) {
            if (SUCCEEDED(put(each, [&](auto&) { ran.add(); }))) put_count.add();
          }
          rtwq().RtwqUnlockWorkQueue(queue);
          rtwq().RtwqUnlockWorkQueue(serial);
        }
        RTWQWORKITEM_KEY key = 0;
        rtwq().RtwqPutWaitingWorkItem(nullptr, 0, make_result(kMultithreaded, [](auto&) {}).get(), &key);
        rtwq().RtwqCancelWorkItem(key);
        rtwq().RtwqShutdown();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  expect("concurrent use: every item of every thread has run", put_count.count() == 800 && ran.reaches(800));
  expect("concurrent use: the platform is down afterwards", is_up(), RTWQ_E_SHUTDOWN);
}

}  // namespace

void check_platform() {
  check_down();
  check_counts();
  check_apartment();
  check_events();
  check_items_at_shutdown();
  check_restarts();
  check_concurrent_use();
}

}  // namespace check
