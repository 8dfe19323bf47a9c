// Checks MMCSS for queues, the platform and threads. Main thread.

#include "check/harness.h"

#include <atomic>
#include <thread>

namespace check {
namespace {

constexpr DWORD kInvalidTaskName = 1550;
constexpr DWORD kInvalidTaskIndex = 1551;
constexpr DWORD kAlreadyInTask = 1552;

template <class F>
F avrt(const char* name) {
  return reinterpret_cast<F>(reinterpret_cast<void*>(GetProcAddress(system_library(L"avrt.dll"), name)));
}

/// Runs a Begin/End pair. Returns the error of Begin, or the result of End.
template <class Begin, class End>
HRESULT complete_pair(Begin begin, End end) {
  Tally done;
  std::atomic<HRESULT> ended{E_FAIL};
  const auto holder = make_result(kMultithreaded, [&](IRtwqAsyncResult& result) {
    ended = end(result);
    done.add();
  });
  const HRESULT begun = begin(static_cast<RTWQASYNCRESULT*>(holder.get())->pCallback);
  if (FAILED(begun)) return begun;
  return done.reaches(1) ? ended.load() : E_UNEXPECTED;
}

HRESULT register_queue(DWORD queue, const wchar_t* name, LONG priority, DWORD& task) {
  return complete_pair(
      [&](IRtwqAsyncCallback* callback) {
        return rtwq().RtwqBeginRegisterWorkQueueWithMMCSS(queue, name, task, priority, callback, nullptr);
      },
      [&](IRtwqAsyncResult& result) {
        if (rtwq().RtwqEndUnregisterWorkQueueWithMMCSS(&result) != E_INVALIDARG) return E_UNEXPECTED;
        return rtwq().RtwqEndRegisterWorkQueueWithMMCSS(&result, &task);
      });
}

HRESULT unregister_queue(DWORD queue) {
  return complete_pair(
      [&](IRtwqAsyncCallback* callback) {
        return rtwq().RtwqBeginUnregisterWorkQueueWithMMCSS(queue, callback, nullptr);
      },
      [&](IRtwqAsyncResult& result) { return rtwq().RtwqEndUnregisterWorkQueueWithMMCSS(&result); });
}

std::wstring class_of(DWORD queue) {
  WCHAR buffer[64] = L"?";
  DWORD length = 64;
  return SUCCEEDED(rtwq().RtwqGetWorkQueueMMCSSClass(queue, buffer, &length)) ? buffer : L"failed";
}

DWORD task_of(DWORD queue) {
  DWORD task = 0;
  return SUCCEEDED(rtwq().RtwqGetWorkQueueMMCSSTaskId(queue, &task)) ? task : 0;
}

LONG priority_of(DWORD queue) {
  LONG priority = -99;
  rtwq().RtwqGetWorkQueueMMCSSPriority(queue, &priority);
  return priority;
}

void check_registration() {
  const RunningPlatform running;
  const DWORD queue = allocate(RTWQ_MULTITHREADED_WORKQUEUE);
  DWORD task = 0;
  expect("mmcss: no class at first", class_of(queue).empty() && priority_of(queue) == 0);
  expect("mmcss: no task id at first", rtwq().RtwqGetWorkQueueMMCSSTaskId(queue, &task), E_FAIL);
  expect("mmcss: register", register_queue(queue, L"Audio", -1, task), S_OK);
  expect("mmcss: a task id", task != 0 && task_of(queue) == task);
  expect("mmcss: class and priority", class_of(queue) == L"Audio" && priority_of(queue) == -1);

  DWORD length = 0;
  WCHAR buffer[5];
  expect("mmcss: the length of the class name",
         SUCCEEDED(rtwq().RtwqGetWorkQueueMMCSSClass(queue, nullptr, &length)) && length == 6);
  length = 5;
  expect("mmcss: buffer too small", rtwq().RtwqGetWorkQueueMMCSSClass(queue, buffer, &length), RTWQ_E_BUFFERTOOSMALL);
  expect("mmcss: reports the required length", length == 6);

  const DWORD other = allocate();
  expect("mmcss: the same group", register_queue(other, L"audio", 2, task), S_OK);
  expect("mmcss: has the same id", task_of(other) == task);
  DWORD wrong = task;
  expect("mmcss: a group of another class", register_queue(other, L"Games", 0, wrong),
         HRESULT_FROM_WIN32(kInvalidTaskIndex));
  wrong = 0x4711;
  expect("mmcss: no such group", register_queue(other, L"Audio", 0, wrong), HRESULT_FROM_WIN32(kInvalidTaskIndex));
  wrong = 0;
  expect("mmcss: no such class", register_queue(other, L"No Such Class", 0, wrong),
         HRESULT_FROM_WIN32(kInvalidTaskName));
  expect("mmcss: a path is not a class", register_queue(other, L"..\\Tasks\\Audio", 0, wrong),
         HRESULT_FROM_WIN32(kInvalidTaskName));
  expect("mmcss: a priority too high", register_queue(other, L"Audio", 3, wrong), E_INVALIDARG);
  expect("mmcss: a priority too low", register_queue(other, L"Audio", -3, wrong), E_INVALIDARG);
  expect("mmcss: no such queue", register_queue(kUnknownQueue, L"Audio", 0, wrong), RTWQ_E_INVALID_WORKQUEUE);
  const auto foreign = make_result(kStandard, [](auto&) {});
  expect("mmcss: a foreign result", rtwq().RtwqEndRegisterWorkQueueWithMMCSS(foreign.get(), &wrong), E_INVALIDARG);

  expect("mmcss: unregister", unregister_queue(queue), S_OK);
  expect("mmcss: no class after unregistering", class_of(queue).empty() && task_of(queue) == 0);
  expect("mmcss: unregister an unknown queue", unregister_queue(kUnknownQueue), RTWQ_E_INVALID_WORKQUEUE);
  expect("mmcss: the group lives while it has members", register_queue(queue, L"Audio", 0, task), S_OK);
  unregister_queue(queue);
  unregister_queue(other);
  expect("mmcss: the group ends with its last member", register_queue(queue, L"Audio", 0, task),
         HRESULT_FROM_WIN32(kInvalidTaskIndex));
}

void check_shared_registration() {
  const RunningPlatform running;
  DWORD task = 0;
  DWORD queue = 0;
  rtwq().RtwqLockSharedWorkQueue(L"Games", 1, &task, &queue);
  expect("mmcss: a shared queue reports itself",
         class_of(queue) == L"Games" && task_of(queue) == task && priority_of(queue) == 1);
  rtwq().RtwqUnlockWorkQueue(queue);
}

void check_platform_registration() {
  const RunningPlatform running;
  DWORD task = 0;
  expect("mmcss: the platform", rtwq().RtwqRegisterPlatformWithMMCSS(L"Capture", &task, 1), S_OK);
  for (const DWORD queue : {kStandard, kMultithreaded, kLongFunction}) {
    expect("mmcss: the platform's queue " + std::to_string(queue),
           task != 0 && class_of(queue) == L"Capture" && task_of(queue) == task && priority_of(queue) == 1);
  }
  expect("mmcss: the platform, unknown class", rtwq().RtwqRegisterPlatformWithMMCSS(L"x", &task, 1),
         HRESULT_FROM_WIN32(kInvalidTaskName));
  expect("mmcss: unregister the platform", rtwq().RtwqUnregisterPlatformFromMMCSS(), S_OK);
  expect("mmcss: its queues are unregistered", class_of(kStandard).empty() && task_of(kMultithreaded) == 0);
}

void check_threads() {
  const RunningPlatform running;
  const auto enter = avrt<decltype(&AvSetMmThreadCharacteristicsW)>("AvSetMmThreadCharacteristicsW");
  const auto enter_ansi = avrt<decltype(&AvSetMmThreadCharacteristicsA)>("AvSetMmThreadCharacteristicsA");
  const auto enter_either = avrt<decltype(&AvSetMmMaxThreadCharacteristicsW)>("AvSetMmMaxThreadCharacteristicsW");
  const auto revert = avrt<decltype(&AvRevertMmThreadCharacteristics)>("AvRevertMmThreadCharacteristics");
  const auto prioritize = avrt<decltype(&AvSetMmThreadPriority)>("AvSetMmThreadPriority");
  const auto responsiveness = avrt<decltype(&AvQuerySystemResponsiveness)>("AvQuerySystemResponsiveness");
  const auto fails_with = [](bool failed, DWORD error) { return failed && GetLastError() == error; };

  DWORD task = 0;
  const HANDLE handle = enter(L"Pro Audio", &task);
  expect("avrt: a new group", handle && task != 0);
  expect("avrt: already in a task", fails_with(!enter(L"Pro Audio", &task), kAlreadyInTask));
  expect("avrt: a priority", prioritize(handle, AVRT_PRIORITY_CRITICAL));
  expect("avrt: an invalid priority",
         fails_with(!prioritize(handle, static_cast<AVRT_PRIORITY>(3)), ERROR_INVALID_PARAMETER));
  ULONG percent = 0;
  expect("avrt: responsiveness", responsiveness(handle, &percent) && percent == 20);

  DWORD queue = 0;
  DWORD shared_task = task;
  expect("avrt: a queue in the thread's group", rtwq().RtwqLockSharedWorkQueue(L"Pro Audio", 0, &shared_task, &queue),
         S_OK);
  bool reverted = true;
  bool joined = false;
  std::thread([&] {
    reverted = revert(handle);
    // Ends without leaving the group.
    DWORD same = task;
    joined = enter(L"Pro Audio", &same) && same == task;
  }).join();
  expect("avrt: revert fails on another thread", !reverted);
  expect("avrt: another thread in the group", joined);
  expect("avrt: revert", revert(handle));
  expect("avrt: revert twice", !revert(handle));
  expect("avrt: the queue keeps the group", task_of(queue) == task);
  rtwq().RtwqUnlockWorkQueue(queue);
  expect("avrt: the group ended with the queue", fails_with(!enter(L"Pro Audio", &task), kInvalidTaskIndex));
  task = 0;
  expect("avrt: no such class", fails_with(!enter(L"No Such Class", &task), kInvalidTaskName));
  const HANDLE ansi = enter_ansi("Games", &task);
  expect("avrt: by its ANSI name", ansi && revert(ansi));
  task = 0;
  const HANDLE either = enter_either(L"Audio", L"Games", &task);
  expect("avrt: two classes", either && revert(either));
  expect("avrt: two classes, one unknown", fails_with(!enter_either(L"Audio", L"x", &task), kInvalidTaskName));
}

}  // namespace

void check_mmcss() {
  check_registration();
  check_shared_registration();
  check_platform_registration();
  check_threads();
}

}  // namespace check
