// Hands every call on to the real RTWorkQ.dll, which lies beside it as rtworkq_real.dll, after a look at the
// environment variable RTWORKQ_FAULT:
//
//   <function>=<HRESULT in hex>   that function fails, without having done anything
//   late-key                      RtwqScheduleWorkItem gives the key long after the callback may have run
//   early                         RtwqScheduleWorkItem waits for half of the time only
//   at-once                       RtwqScheduleWorkItem does not wait

#include <windows.h>

#include <unknwn.h>

#include <rtworkq.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace {

std::string fault() {
  char buffer[128];
  const DWORD length = GetEnvironmentVariableA("RTWORKQ_FAULT", buffer, sizeof(buffer));
  return {buffer, length};
}

/// The HRESULT that the function shall fail with, or S_OK.
HRESULT fault_of(std::string_view function) {
  const std::string wanted = fault();
  const std::size_t equals = wanted.find('=');
  if (equals == std::string::npos || function != std::string_view(wanted).substr(0, equals)) return S_OK;
  return static_cast<HRESULT>(std::strtoul(wanted.c_str() + equals + 1, nullptr, 16));
}

template <class F>
F real(const char* name) {
  static const HMODULE module = LoadLibraryExW(L"rtworkq_real.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  return reinterpret_cast<F>(reinterpret_cast<void*>(GetProcAddress(module, name)));
}

/// Counts the calls in an environment variable, RTWORKQ_CALLS_<function>, for functions that one thread calls at a
/// time.
void count(const char* function) {
  const std::string name = std::string("RTWORKQ_CALLS_") + function;
  char buffer[32] = "0";
  GetEnvironmentVariableA(name.c_str(), buffer, sizeof(buffer));
  SetEnvironmentVariableA(name.c_str(), std::to_string(std::atoi(buffer) + 1).c_str());
}

template <class F, class... Arguments>
HRESULT hand_on(const char* name, F, Arguments... arguments) {
  if (const HRESULT failure = fault_of(name); FAILED(failure)) return failure;
  return real<F>(name)(arguments...);
}

}  // namespace

#define HAND_ON(name, ...) hand_on(#name, &name __VA_OPT__(, ) __VA_ARGS__)

#define EXPORTED extern "C" __declspec(dllexport) HRESULT WINAPI

EXPORTED RtwqStartup() {
  count("RtwqStartup");
  return HAND_ON(RtwqStartup);
}

EXPORTED RtwqShutdown() {
  count("RtwqShutdown");
  return HAND_ON(RtwqShutdown);
}

EXPORTED RtwqLockPlatform() { return HAND_ON(RtwqLockPlatform); }

EXPORTED RtwqUnlockPlatform() { return HAND_ON(RtwqUnlockPlatform); }

EXPORTED RtwqCreateAsyncResult(IUnknown* object, IRtwqAsyncCallback* callback, IUnknown* state,
                               IRtwqAsyncResult** out) {
  return HAND_ON(RtwqCreateAsyncResult, object, callback, state, out);
}

EXPORTED RtwqPutWorkItem(DWORD queue, LONG priority, IRtwqAsyncResult* result) {
  return HAND_ON(RtwqPutWorkItem, queue, priority, result);
}

EXPORTED RtwqScheduleWorkItem(IRtwqAsyncResult* result, INT64 timeout, RTWQWORKITEM_KEY* key) {
  RTWQWORKITEM_KEY given = 0;
  const INT64 waits = fault() == "early" ? timeout / 2 : fault() == "at-once" ? 0 : timeout;
  const HRESULT outcome = HAND_ON(RtwqScheduleWorkItem, result, waits, &given);
  if (fault() == "late-key") Sleep(50);
  *key = given;
  return outcome;
}

EXPORTED RtwqCancelWorkItem(RTWQWORKITEM_KEY key) { return HAND_ON(RtwqCancelWorkItem, key); }
