// Shared by the checks: the two DLLs in System32, callbacks, and the report. expect() and Tally work on any thread;
// everything else is for the main thread.

#pragma once

#include "base/com.h"

#include <rtworkq.h>

#include <avrt.h>

#include <functional>
#include <string>
#include <utility>

// Not declared in any header.
extern "C" HRESULT WINAPI RtwqEndUnregisterWorkQueueWithMMCSS(IRtwqAsyncResult* result);

namespace check {

using rtworkq::ComPtr;

#define CHECK_FUNCTIONS(X)                 \
  X(RtwqAddPeriodicCallback)               \
  X(RtwqAllocateSerialWorkQueue)           \
  X(RtwqAllocateWorkQueue)                 \
  X(RtwqBeginRegisterWorkQueueWithMMCSS)   \
  X(RtwqBeginUnregisterWorkQueueWithMMCSS) \
  X(RtwqCancelDeadline)                    \
  X(RtwqCancelWorkItem)                    \
  X(RtwqCreateAsyncResult)                 \
  X(RtwqEndRegisterWorkQueueWithMMCSS)     \
  X(RtwqEndUnregisterWorkQueueWithMMCSS)   \
  X(RtwqGetWorkQueueMMCSSClass)            \
  X(RtwqGetWorkQueueMMCSSPriority)         \
  X(RtwqGetWorkQueueMMCSSTaskId)           \
  X(RtwqInvokeCallback)                    \
  X(RtwqJoinWorkQueue)                     \
  X(RtwqLockPlatform)                      \
  X(RtwqLockSharedWorkQueue)               \
  X(RtwqLockWorkQueue)                     \
  X(RtwqPutWaitingWorkItem)                \
  X(RtwqPutWorkItem)                       \
  X(RtwqRegisterPlatformEvents)            \
  X(RtwqRegisterPlatformWithMMCSS)         \
  X(RtwqRemovePeriodicCallback)            \
  X(RtwqScheduleWorkItem)                  \
  X(RtwqSetDeadline)                       \
  X(RtwqSetDeadline2)                      \
  X(RtwqSetLongRunning)                    \
  X(RtwqShutdown)                          \
  X(RtwqStartup)                           \
  X(RtwqUnjoinWorkQueue)                   \
  X(RtwqUnlockPlatform)                    \
  X(RtwqUnlockWorkQueue)                   \
  X(RtwqUnregisterPlatformEvents)          \
  X(RtwqUnregisterPlatformFromMMCSS)

struct Functions {
#define CHECK_MEMBER(name) decltype(&::name) name;
  CHECK_FUNCTIONS(CHECK_MEMBER)
#undef CHECK_MEMBER
};

/// Loads a DLL from System32.
HMODULE system_library(const wchar_t* name);
const Functions& rtwq();

/// Prints a check's name and whether it passed.
void expect(const std::string& name, bool held);
/// The same for an HRESULT; prints the actual one if it differs.
void expect(const std::string& name, HRESULT actual, HRESULT expected);
int failures();

/// Counts, and waits for a count.
class Tally {
 public:
  void add() noexcept;
  LONG count() const noexcept;
  /// Waits for the count. False if nothing is added for half a minute.
  bool reaches(LONG wanted) const noexcept;

 private:
  mutable SRWLOCK lock_ = SRWLOCK_INIT;
  mutable CONDITION_VARIABLE added_ = CONDITION_VARIABLE_INIT;
  LONG count_ = 0;
};

/// An async result whose callback runs `action` on a queue.
using Action = std::function<void(IRtwqAsyncResult&)>;
ComPtr<IRtwqAsyncResult> make_result(DWORD queue, Action action, IUnknown* object = nullptr, IUnknown* state = nullptr);
/// For make_result(): the callback's GetParameters returns E_NOTIMPL.
inline constexpr DWORD kNoPreference = 0xFFFFFFFF;

HRESULT put(DWORD queue, Action action, LONG priority = 0);

/// An object for counting references.
ComPtr<IUnknown> make_object();
ULONG references(IUnknown& object);

DWORD allocate(RTWQ_WORKQUEUE_TYPE type = RTWQ_STANDARD_WORKQUEUE);

/// Keeps the platform up while it exists.
struct RunningPlatform {
  RunningPlatform();
  ~RunningPlatform();
  RunningPlatform(const RunningPlatform&) = delete;
  RunningPlatform& operator=(const RunningPlatform&) = delete;
};

inline constexpr DWORD kStandard = 1;
inline constexpr DWORD kMultithreaded = 5;
inline constexpr DWORD kLongFunction = 7;
inline constexpr DWORD kUnknownQueue = 0x00FF0000;

void check_exports();
void check_platform();
void check_queues();
void check_items();
void check_waits();
void check_mmcss();
void check_other();

}  // namespace check
