// The result of a native call, and the function that returned it. Any thread.

#pragma once

#include <windows.h>

#include <array>
#include <cstdint>

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
#define RTWORKQ_SYSTEM_FUNCTIONS(X)                       \
  X(CreateEventExW)                                       \
  X(OpenEventW)                                           \
  X(SetEvent)                                             \
  X(ResetEvent)                                           \
  X(CreateSemaphoreExW)                                   \
  X(OpenSemaphoreW)                                       \
  X(ReleaseSemaphore)                                     \
  X(CreateWaitableTimerExW)                               \
  X(OpenWaitableTimerW)                                   \
  X(SetWaitableTimer)                                     \
  X(CancelWaitableTimer)                                  \
  X(CreateMutexExW)                                       \
  X(OpenMutexW)                                           \
  X(ReleaseMutex)                                         \
  X(OpenProcess)                                          \
  X(GetExitCodeProcess)                                   \
  X(GetProcessTimes)                                      \
  X(TerminateProcess)                                     \
  X(WaitForMultipleObjects)                               \
  X(ConvertStringSecurityDescriptorToSecurityDescriptorW) \
  X(_beginthreadex)                                       \
  X(SetProcessInformation)                                \
  X(timeGetDevCaps)                                       \
  X(timeBeginPeriod)                                      \
  X(timeEndPeriod)                                        \
  X(AvSetMmThreadCharacteristicsW)                        \
  X(AvSetMmThreadPriority)                                \
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

}  // namespace rtworkq
