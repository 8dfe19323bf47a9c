#include "process_settings.h"

#include "imports.h"
#include "rtwq/api.h"

#include <mmsystem.h>

#include <cstring>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr int kProcessPowerThrottling = 4;
constexpr ULONG kIgnoreTimerResolution = 0x4;

struct State {
  ULONG version = 1;
  ULONG control_mask = 0;
  ULONG state_mask = 0;
};

// The simulated Windows. Any thread.
std::mutex mutex;
int windows = 0;
State state;
std::vector<std::string> calls;

void note(const char* function, const std::string& arguments) {
  const std::scoped_lock lock(mutex);
  calls.push_back(std::string(function) + "(" + arguments + ")");
}

MMRESULT WINAPI get_capabilities(TIMECAPS* capabilities, UINT) {
  *capabilities = {1, 1'000'000};
  return TIMERR_NOERROR;
}

MMRESULT WINAPI begin_period(UINT period) {
  note("timeBeginPeriod", std::to_string(period));
  return period == 13 ? TIMERR_NOCANDO : TIMERR_NOERROR;
}

MMRESULT WINAPI end_period(UINT period) {
  note("timeEndPeriod", std::to_string(period));
  return period == 14 ? TIMERR_NOCANDO : TIMERR_NOERROR;
}

BOOL refuse() {
  SetLastError(ERROR_INVALID_PARAMETER);
  return FALSE;
}

BOOL WINAPI get_information(HANDLE, int information, void* data, DWORD size) {
  if (windows < 11 || information != kProcessPowerThrottling || size != sizeof(State)) return refuse();
  const std::scoped_lock lock(mutex);
  *static_cast<State*>(data) = state;
  return TRUE;
}

BOOL WINAPI set_information(HANDLE, int information, void* data, DWORD size) {
  if (information != kProcessPowerThrottling || size != sizeof(State)) return refuse();
  const State asked = *static_cast<State*>(data);
  note("SetProcessInformation", std::to_string(asked.control_mask) + ", " + std::to_string(asked.state_mask));
  const bool known = windows >= 11 || !(asked.control_mask & kIgnoreTimerResolution);
  if (asked.version != 1 || !known || (asked.state_mask & ~asked.control_mask)) return refuse();
  const std::scoped_lock lock(mutex);
  state = asked;
  return TRUE;
}

FARPROC WINAPI get_address(HMODULE module, const char* name) {
  const bool by_number = reinterpret_cast<UINT_PTR>(name) <= 0xFFFF;
  const auto is = [&](const char* other) { return !by_number && std::strcmp(name, other) == 0; };
  const auto found = [](auto function) { return reinterpret_cast<FARPROC>(reinterpret_cast<void*>(function)); };
  if (is("timeGetDevCaps")) return found(get_capabilities);
  if (is("timeBeginPeriod")) return found(begin_period);
  if (is("timeEndPeriod")) return found(end_period);
  if (is("GetProcessInformation") || is("SetProcessInformation")) {
    if (windows >= 10) return found(is("GetProcessInformation") ? get_information : set_information);
    SetLastError(ERROR_PROC_NOT_FOUND);
    return nullptr;
  }
  return GetProcAddress(module, name);
}

}  // namespace

Napi::Value timer_tick(const Napi::CallbackInfo& info) {
  using Query = LONG(WINAPI*)(ULONG*, ULONG*, ULONG*);
  const auto query = rtworkq::resolve<Query>(GetModuleHandleW(L"ntdll.dll"), "NtQueryTimerResolution");
  ULONG coarsest = 0;
  ULONG finest = 0;
  ULONG current = 0;
  if (query(&coarsest, &finest, &current) < 0) throw Napi::Error::New(info.Env(), "Windows does not tell its tick.");
  return Napi::Number::New(info.Env(), current / 10'000.0);
}

Napi::Value power_throttling(const Napi::CallbackInfo& info) {
  using Get = BOOL(WINAPI*)(HANDLE, int, void*, DWORD);
  const auto get = rtworkq::resolve<Get>(GetModuleHandleW(L"kernel32.dll"), "GetProcessInformation");
  State found;
  if (!get || !get(GetCurrentProcess(), kProcessPowerThrottling, &found, sizeof(found))) return info.Env().Undefined();
  auto masks = Napi::Array::New(info.Env(), 2);
  masks[0u] = found.control_mask;
  masks[1u] = found.state_mask;
  return masks;
}

void pretend_windows(const Napi::CallbackInfo& info) {
  const std::string name = info[0].As<Napi::String>();
  windows = info[1].As<Napi::Number>().Int32Value();
  if (windows >= 11) state.control_mask = 1;
  if (!replace_import(name.c_str(), "GetProcAddress", get_address)) {
    throw Napi::Error::New(info.Env(), "The module's imports are out of reach.");
  }
}

Napi::Value settings_calls(const Napi::CallbackInfo& info) {
  std::vector<std::string> since;
  {
    const std::scoped_lock lock(mutex);
    std::swap(since, calls);
  }
  auto list = Napi::Array::New(info.Env(), since.size());
  for (std::uint32_t index = 0; index < since.size(); ++index) list[index] = since[index];
  return list;
}
