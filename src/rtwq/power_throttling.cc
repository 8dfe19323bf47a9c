// Runs on JavaScript threads.

#include "rtwq/power_throttling.h"

#include <mutex>

namespace rtworkq {
namespace {

// Defined here because older SDKs lack some of them.
constexpr int kProcessPowerThrottling = 4;
constexpr ULONG kExecutionSpeed = 0x1;
constexpr ULONG kIgnoreTimerResolution = 0x4;

/// PROCESS_POWER_THROTTLING_STATE.
struct PowerThrottlingState {
  ULONG version = 1;
  ULONG control_mask = 0;  // mechanisms that the process controls itself
  ULONG state_mask = 0;    // those of them that are throttled

  void set(ULONG mechanism, Throttling throttling) noexcept {
    if (throttling == Throttling::unchanged) return;
    control_mask &= ~mechanism;
    state_mask &= ~mechanism;
    if (throttling != Throttling::system_default) control_mask |= mechanism;
    if (throttling == Throttling::always) state_mask |= mechanism;
  }
};

/// Functions of kernel32.dll, resolved by name: Windows 8 and later have them.
struct ProcessInformation {
  using Access = BOOL(WINAPI*)(HANDLE process, int information, void* data, DWORD size);
  Access get = nullptr;
  Access set = nullptr;
  DWORD error = ERROR_SUCCESS;

  ProcessInformation() noexcept {
    const HMODULE module = GetModuleHandleW(L"kernel32.dll");
    get = resolve<Access>(module, "GetProcessInformation");
    set = resolve<Access>(module, "SetProcessInformation");
    if (!set) error = GetLastError();
  }
};

std::mutex mutex;
PowerThrottlingState last_set;  // guarded by the mutex; used if Windows cannot report the current state

}  // namespace

Outcome throttle_process(Throttling execution_speed, Throttling timer_resolution) {
  static const ProcessInformation functions;
  if (!functions.set) return {HRESULT_FROM_WIN32(functions.error), Function::SetProcessInformation};
  const std::scoped_lock lock(mutex);
  PowerThrottlingState state;
  const bool known =
      functions.get && functions.get(GetCurrentProcess(), kProcessPowerThrottling, &state, sizeof(state));
  if (!known) state = last_set;
  state.set(kExecutionSpeed, execution_speed);
  state.set(kIgnoreTimerResolution, timer_resolution);
  if (!functions.set(GetCurrentProcess(), kProcessPowerThrottling, &state, sizeof(state))) {
    return Outcome::last_error(Function::SetProcessInformation);
  }
  last_set = state;
  return {};
}

}  // namespace rtworkq
