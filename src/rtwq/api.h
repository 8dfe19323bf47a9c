// RTWorkQ.dll, loaded from System32 and resolved by name: ordinals moved between Windows versions, and a machine
// without the DLL shall get a sentence, not a failed load. Loaded once for the process, on whichever JavaScript thread
// asks first, and never freed: RTWorkQ's threads may be in it until the process ends.

#pragma once

#include <windows.h>

#include <unknwn.h>

#include <rtworkq.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

// Exported, but declared by no header, or only for the newest Windows.
STDAPI RtwqEndUnregisterWorkQueueWithMMCSS(IRtwqAsyncResult* result);
STDAPI RtwqSetDeadline2(DWORD queue, LONGLONG deadline, LONGLONG pre_deadline, HANDLE* request);

namespace rtworkq {

// What every RTWorkQ.dll has, from Windows 8.1 on.
#define RTWORKQ_FUNCTIONS(X)               \
  X(RtwqStartup)                           \
  X(RtwqShutdown)                          \
  X(RtwqLockPlatform)                      \
  X(RtwqUnlockPlatform)                    \
  X(RtwqRegisterPlatformEvents)            \
  X(RtwqUnregisterPlatformEvents)          \
  X(RtwqCreateAsyncResult)                 \
  X(RtwqInvokeCallback)                    \
  X(RtwqPutWorkItem)                       \
  X(RtwqPutWaitingWorkItem)                \
  X(RtwqScheduleWorkItem)                  \
  X(RtwqCancelWorkItem)                    \
  X(RtwqAddPeriodicCallback)               \
  X(RtwqRemovePeriodicCallback)            \
  X(RtwqAllocateWorkQueue)                 \
  X(RtwqAllocateSerialWorkQueue)           \
  X(RtwqLockSharedWorkQueue)               \
  X(RtwqLockWorkQueue)                     \
  X(RtwqUnlockWorkQueue)                   \
  X(RtwqSetLongRunning)                    \
  X(RtwqJoinWorkQueue)                     \
  X(RtwqUnjoinWorkQueue)                   \
  X(RtwqBeginRegisterWorkQueueWithMMCSS)   \
  X(RtwqEndRegisterWorkQueueWithMMCSS)     \
  X(RtwqBeginUnregisterWorkQueueWithMMCSS) \
  X(RtwqEndUnregisterWorkQueueWithMMCSS)   \
  X(RtwqGetWorkQueueMMCSSClass)            \
  X(RtwqGetWorkQueueMMCSSTaskId)           \
  X(RtwqGetWorkQueueMMCSSPriority)         \
  X(RtwqRegisterPlatformWithMMCSS)         \
  X(RtwqUnregisterPlatformFromMMCSS)

// What came with Windows 10. Where it is missing, a function that answers E_NOTIMPL stands in its place.
#define RTWORKQ_LATER_FUNCTIONS(X) \
  X(RtwqSetDeadline)               \
  X(RtwqSetDeadline2)              \
  X(RtwqCancelDeadline)

// The other functions of Windows that an Outcome may name.
#define RTWORKQ_SYSTEM_FUNCTIONS(X) \
  X(CreateEventW)                   \
  X(OpenEventW)                     \
  X(SetEvent)                       \
  X(ResetEvent)                     \
  X(CreateSemaphoreW)               \
  X(OpenSemaphoreW)                 \
  X(ReleaseSemaphore)               \
  X(CreateWaitableTimerExW)         \
  X(OpenWaitableTimerW)             \
  X(SetWaitableTimer)               \
  X(CancelWaitableTimer)            \
  X(OpenProcess)                    \
  X(GetExitCodeProcess)             \
  X(SetProcessInformation)          \
  X(timeGetDevCaps)                 \
  X(timeBeginPeriod)                \
  X(timeEndPeriod)                  \
  X(AvSetMmThreadCharacteristicsW)  \
  X(AvSetMmThreadPriority)          \
  X(AvRevertMmThreadCharacteristics)

/// The functions that an Outcome may name, in the order of their indexes.
enum class Function : std::uint32_t {
#define RTWORKQ_ENUMERATOR(name) name,
  RTWORKQ_FUNCTIONS(RTWORKQ_ENUMERATOR) RTWORKQ_LATER_FUNCTIONS(RTWORKQ_ENUMERATOR)
      RTWORKQ_SYSTEM_FUNCTIONS(RTWORKQ_ENUMERATOR)
#undef RTWORKQ_ENUMERATOR
};

inline constexpr std::array kFunctionNames{
#define RTWORKQ_NAME(name) #name,
    RTWORKQ_FUNCTIONS(RTWORKQ_NAME) RTWORKQ_LATER_FUNCTIONS(RTWORKQ_NAME) RTWORKQ_SYSTEM_FUNCTIONS(RTWORKQ_NAME)
#undef RTWORKQ_NAME
};

/// What a call came to, and which function said so.
struct Outcome {
  HRESULT result = S_OK;
  Function function = Function::RtwqStartup;

  bool failed() const noexcept { return FAILED(result); }

  /// What GetLastError() says of a function that has failed.
  static Outcome last_error(Function function) noexcept { return {HRESULT_FROM_WIN32(GetLastError()), function}; }
};

/// The functions of the DLL.
struct Api {
#define RTWORKQ_MEMBER(name) decltype(&::name) name = nullptr;
  RTWORKQ_FUNCTIONS(RTWORKQ_MEMBER)
  RTWORKQ_LATER_FUNCTIONS(RTWORKQ_MEMBER)
#undef RTWORKQ_MEMBER
};

/// The DLL as it was found.
struct Library {
  Api api;
  HMODULE module = nullptr;
  DWORD load_error = ERROR_SUCCESS;        // why there is no module
  const char* missing_function = nullptr;  // the first export that is not there

  bool usable() const noexcept { return module && !missing_function; }

  std::wstring path() const;
  /// Major, minor, build, revision of the file, where it carries a version resource.
  std::optional<std::array<std::uint16_t, 4>> version() const;
};

const Library& library();

/// The functions; only for code that runs after library().usable() was seen.
inline const Api& api() { return library().api; }

/// Wine's version, or null on Windows.
const char* wine_version();

/// The ids of the work queues that every process has, shared by all their users. In no header of RTWorkQ.
inline constexpr DWORD kStandardQueue = 1;       // serial
inline constexpr DWORD kMultithreadedQueue = 5;  // its items overlap
inline constexpr DWORD kLongFunctionQueue = 7;   // for items that take long

/// An export of a DLL, by name; null where there is none.
template <class F>
F resolve(HMODULE module, const char* name) noexcept {
  // Through void*: the compilers warn about a cast between unrelated function types.
  return reinterpret_cast<F>(reinterpret_cast<void*>(GetProcAddress(module, name)));
}

}  // namespace rtworkq
