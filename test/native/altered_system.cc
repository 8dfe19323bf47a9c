// The replaced functions run on any thread, everything else on JavaScript threads.

#include "altered_system.h"

#include "base/module.h"
#include "imports.h"

#include <avrt.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <cwchar>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace {

/// A function that may fail.
class Fault {
 public:
  explicit Fault(const char* name) noexcept : name_(name) {}

  const char* name() const noexcept { return name_; }
  void set(int calls) noexcept { left_ = calls; }
  std::uint32_t successes() const noexcept { return successes_.load(); }

  /// Whether this call fails.
  bool strikes() noexcept {
    int left = left_.load();
    while (left > 0 && !left_.compare_exchange_weak(left, left - 1)) continue;
    if (left != 0) successes_.fetch_add(1);
    return left == 0;
  }

 private:
  const char* const name_;
  // How many more calls succeed; negative for all.
  std::atomic<int> left_{-1};
  std::atomic<std::uint32_t> successes_{0};
};

Fault thread_fault{"thread"};
Fault timer_fault{"SetWaitableTimer"};
Fault library_fault{"RTWorkQ.dll"};
Fault query_fault{"NtQueryObject"};
Fault create_event_fault{"CreateEventExW"};
Fault create_timer_fault{"CreateWaitableTimerExW"};
Fault duplicate_fault{"DuplicateHandle"};
const std::array faults{&thread_fault,       &timer_fault,        &library_fault,  &query_fault,
                        &create_event_fault, &create_timer_fault, &duplicate_fault};

std::atomic<DWORD> idle_time{0};

struct AvrtCall {
  const char* function;
  DWORD thread;
};
std::mutex avrt_mutex;
std::vector<AvrtCall> calls_of_avrt;

using PowerCallback = ULONG(CALLBACK*)(void* context, ULONG type, void* setting);
struct Subscription {
  PowerCallback callback;
  void* context;
};
std::atomic<Subscription*> subscription{nullptr};

HANDLE WINAPI create_thread(SECURITY_ATTRIBUTES* security, SIZE_T stack, LPTHREAD_START_ROUTINE entry, void* argument,
                            DWORD flags, DWORD* id) {
  if (thread_fault.strikes()) {
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return nullptr;
  }
  return CreateThread(security, stack, entry, argument, flags, id);
}

using CrtEntry = unsigned(__stdcall*)(void*);
using BeginThread = std::uintptr_t(__cdecl*)(void*, unsigned, CrtEntry, void*, unsigned, unsigned*);

/// Null if the module has its own C runtime, which calls CreateThread.
std::atomic<BeginThread> real_begin_thread{nullptr};

std::uintptr_t __cdecl begin_thread(void* security, unsigned stack, CrtEntry entry, void* argument, unsigned flags,
                                    unsigned* id) {
  if (thread_fault.strikes()) return 0;
  return real_begin_thread.load()(security, stack, entry, argument, flags, id);
}

BOOL WINAPI set_timer(HANDLE timer, const LARGE_INTEGER* due, LONG period, PTIMERAPCROUTINE routine, void* argument,
                      BOOL resume) {
  if (timer_fault.strikes()) {
    SetLastError(ERROR_ACCESS_DENIED);
    return FALSE;
  }
  return SetWaitableTimer(timer, due, period, routine, argument, resume);
}

HANDLE WINAPI create_event(SECURITY_ATTRIBUTES* security, const wchar_t* name, DWORD flags, DWORD rights) {
  if (create_event_fault.strikes()) {
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return nullptr;
  }
  return CreateEventExW(security, name, flags, rights);
}

HANDLE WINAPI create_timer(SECURITY_ATTRIBUTES* security, const wchar_t* name, DWORD flags, DWORD rights) {
  if (create_timer_fault.strikes()) {
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return nullptr;
  }
  return CreateWaitableTimerExW(security, name, flags, rights);
}

BOOL WINAPI duplicate(HANDLE from, HANDLE handle, HANDLE to, HANDLE* result, DWORD rights, BOOL inherit,
                      DWORD options) {
  if (duplicate_fault.strikes()) {
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return FALSE;
  }
  return DuplicateHandle(from, handle, to, result, rights, inherit, options);
}

HMODULE WINAPI load_library(const wchar_t* name, HANDLE file, DWORD flags) {
  if (std::wcscmp(name, L"RTWorkQ.dll") == 0 && library_fault.strikes()) {
    SetLastError(ERROR_MOD_NOT_FOUND);
    return nullptr;
  }
  return LoadLibraryExW(name, file, flags);
}

/// Only threads without work wait for a limited time.
DWORD WINAPI wait_for_multiple(DWORD count, const HANDLE* handles, BOOL all, DWORD timeout) {
  const DWORD idle = idle_time.load();
  const bool limited = timeout != 0 && timeout != INFINITE;
  return WaitForMultipleObjects(count, handles, all, limited && idle != 0 ? idle : timeout);
}

DWORD WINAPI register_notification(DWORD, HANDLE recipient, void** registration) {
  subscription = static_cast<Subscription*>(recipient);
  *registration = recipient;
  return ERROR_SUCCESS;
}

template <class F>
F avrt(const char* name) {
  return rtworkq::resolve<F>(GetModuleHandleW(L"avrt.dll"), name);
}

void note(const char* function) {
  const std::scoped_lock lock(avrt_mutex);
  calls_of_avrt.push_back({function, GetCurrentThreadId()});
}

HANDLE WINAPI set_characteristics(const wchar_t* task_class, DWORD* task) {
  constexpr auto name = "AvSetMmThreadCharacteristicsW";
  note(name);
  return avrt<decltype(&::AvSetMmThreadCharacteristicsW)>(name)(task_class, task);
}

BOOL WINAPI revert_characteristics(HANDLE task) {
  constexpr auto name = "AvRevertMmThreadCharacteristics";
  note(name);
  return avrt<decltype(&::AvRevertMmThreadCharacteristics)>(name)(task);
}

FARPROC WINAPI get_address(HMODULE module, const char* name) {
  const bool by_number = reinterpret_cast<UINT_PTR>(name) <= 0xFFFF;
  const auto is = [&](const char* other) { return !by_number && std::strcmp(name, other) == 0; };
  const auto found = [](auto function) { return reinterpret_cast<FARPROC>(reinterpret_cast<void*>(function)); };
  if (is("NtQueryObject") && query_fault.strikes()) return nullptr;
  if (is("PowerRegisterSuspendResumeNotification")) return found(register_notification);
  if (is("AvSetMmThreadCharacteristicsW")) return found(set_characteristics);
  if (is("AvRevertMmThreadCharacteristics")) return found(revert_characteristics);
  return GetProcAddress(module, name);
}

}  // namespace

void alter_system(const Napi::CallbackInfo& info) {
  const std::string name = info[0].As<Napi::String>();
  const char* const module = name.c_str();
  const bool own_runtime = replace_import(module, "CreateThread", create_thread);
  if (!own_runtime) {
    const ULONG_PTR* const import = import_of(GetModuleHandleA(module), "_beginthreadex");
    if (import) real_begin_thread = reinterpret_cast<BeginThread>(*import);
  }
  if (!(own_runtime || replace_import(module, "_beginthreadex", begin_thread)) ||
      !replace_import(module, "SetWaitableTimer", set_timer) ||
      !replace_import(module, "CreateEventExW", create_event) ||
      !replace_import(module, "CreateWaitableTimerExW", create_timer) ||
      !replace_import(module, "DuplicateHandle", duplicate) ||
      !replace_import(module, "LoadLibraryExW", load_library) ||
      !replace_import(module, "WaitForMultipleObjects", wait_for_multiple) ||
      !replace_import(module, "GetProcAddress", get_address)) {
    throw Napi::Error::New(info.Env(), "The module's imports are out of reach.");
  }
}

void set_system_fault(const Napi::CallbackInfo& info) {
  const std::string name = info[0].As<Napi::String>();
  for (Fault* fault : faults) {
    if (name == fault->name()) fault->set(info[1].As<Napi::Number>().Int32Value());
  }
}

void set_idle_time(const Napi::CallbackInfo& info) { idle_time = info[0].As<Napi::Number>().Uint32Value(); }

Napi::Value system_calls(const Napi::CallbackInfo& info) {
  const std::string name = info[0].As<Napi::String>();
  std::uint32_t calls = 0;
  for (const Fault* fault : faults) {
    if (name == fault->name()) calls = fault->successes();
  }
  return Napi::Number::New(info.Env(), calls);
}

Napi::Value power_event(const Napi::CallbackInfo& info) {
  const Subscription* const subscribed = subscription.load();
  if (subscribed) subscribed->callback(subscribed->context, info[0].As<Napi::Number>().Uint32Value(), nullptr);
  return Napi::Boolean::New(info.Env(), subscribed != nullptr);
}

Napi::Value avrt_calls(const Napi::CallbackInfo& info) {
  std::vector<AvrtCall> since;
  {
    const std::scoped_lock lock(avrt_mutex);
    std::swap(since, calls_of_avrt);
  }
  auto list = Napi::Array::New(info.Env(), since.size());
  for (std::uint32_t index = 0; index < since.size(); ++index) {
    auto call = Napi::Object::New(info.Env());
    call["function"] = since[index].function;
    call["thread"] = since[index].thread;
    list[index] = call;
  }
  return list;
}
