// RTWorkQ.dll, loaded from System32. Functions are resolved by name: ordinals differ between Windows versions, and on a
// machine without the DLL users should get an error message, not an addon that fails to load. The first JavaScript
// thread that needs the DLL loads it, once per process. It is never freed, because RTWorkQ's threads may run its code
// until the process ends.

#pragma once

#include <windows.h>

#include <unknwn.h>

#include <rtworkq.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

// Exported, but not declared in any header, or only for the newest Windows.
STDAPI RtwqEndUnregisterWorkQueueWithMMCSS(IRtwqAsyncResult* result);
STDAPI RtwqSetDeadline2(DWORD queue, LONGLONG deadline, LONGLONG pre_deadline, HANDLE* request);

namespace rtworkq {

// Exported by every RTWorkQ.dll since Windows 8.1.
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

// Added in Windows 10. If one is missing, a function that returns E_NOTIMPL replaces it.
#define RTWORKQ_LATER_FUNCTIONS(X) \
  X(RtwqSetDeadline)               \
  X(RtwqSetDeadline2)              \
  X(RtwqCancelDeadline)

// Other Windows functions that an Outcome may name.
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

/// The functions that an Outcome may name. The value is the index in kFunctionNames.
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

/// A call's result, and the function that returned it.
struct Outcome {
  HRESULT result = S_OK;
  Function function = Function::RtwqStartup;

  bool failed() const noexcept { return FAILED(result); }

  /// The GetLastError() of a function that has failed.
  static Outcome last_error(Function function) noexcept { return {HRESULT_FROM_WIN32(GetLastError()), function}; }
};

/// The DLL's functions.
struct Api {
#define RTWORKQ_MEMBER(name) decltype(&::name) name = nullptr;
  RTWORKQ_FUNCTIONS(RTWORKQ_MEMBER)
  RTWORKQ_LATER_FUNCTIONS(RTWORKQ_MEMBER)
#undef RTWORKQ_MEMBER
};

/// The loaded DLL, or why it could not be loaded.
struct Library {
  Api api;
  HMODULE module = nullptr;
  DWORD load_error = ERROR_SUCCESS;        // why there is no module
  const char* missing_function = nullptr;  // the first missing export

  bool usable() const noexcept { return module && !missing_function; }

  std::wstring path() const;
  /// The file's major, minor, build and revision numbers, if it has a version resource.
  std::optional<std::array<std::uint16_t, 4>> version() const;
};

const Library& library();

/// Only call this once library().usable() has returned true.
inline const Api& api() { return library().api; }

/// Wine's version, or null on Windows.
const char* wine_version();

/// Ids of the work queues that every process has and all its code shares. Not in RTWorkQ's headers.
inline constexpr DWORD kStandardQueue = 1;       // serial
inline constexpr DWORD kMultithreadedQueue = 5;  // its items overlap
inline constexpr DWORD kLongFunctionQueue = 7;   // for long-running items

/// A DLL's export by name, or null.
template <class F>
F resolve(HMODULE module, const char* name) noexcept {
  // Via void*, because compilers warn about casts between unrelated function types.
  return reinterpret_cast<F>(reinterpret_cast<void*>(GetProcAddress(module, name)));
}

}  // namespace rtworkq
