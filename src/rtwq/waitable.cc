// Runs on JavaScript threads; only restore_signal() runs on any thread.

#include "rtwq/waitable.h"

#include <winternl.h>

#include <array>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>

namespace rtworkq {
namespace {

// For ntdll's query functions. Windows has no documented way to tell a mutex from an event.
struct BasicInformation {
  ULONG attributes;
  ACCESS_MASK granted_access;
  ULONG others[12];
};
struct EventInformation {
  LONG type;  // 0 manual-reset, 1 auto-reset
  LONG state;
};
constexpr ULONG kObjectBasicInformation = 0;
constexpr ULONG kObjectTypeInformation = 2;
constexpr ULONG kEventBasicInformation = 0;
constexpr LONG kSynchronizationEvent = 1;
constexpr DWORD kEventQueryState = 0x0001;
constexpr DWORD kHighResolution = 0x0002;  // CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, only in newer headers

using Query = LONG(NTAPI*)(HANDLE, ULONG, void*, ULONG, ULONG*);

bool query(const char* function, HANDLE handle, ULONG information, void* buffer, std::size_t size) {
  const auto call = resolve<Query>(GetModuleHandleW(L"ntdll.dll"), function);
  ULONG length = 0;
  return call && call(handle, information, buffer, static_cast<ULONG>(size), &length) >= 0;
}

/// The name of the object's type. Points into `buffer`.
std::wstring_view type_name(HANDLE handle, std::array<std::byte, 1024>& buffer) {
  if (!query("NtQueryObject", handle, kObjectTypeInformation, buffer.data(), buffer.size())) return {};
  const auto* name = reinterpret_cast<const UNICODE_STRING*>(buffer.data());
  return {name->Buffer, name->Length / sizeof(wchar_t)};
}

bool query_event(HANDLE event, EventInformation& information) {
  return query("NtQueryEvent", event, kEventBasicInformation, &information, sizeof(information));
}

/// Null, INVALID_HANDLE_VALUE and the other pseudo-handles of the current process and thread.
bool is_pseudo_handle(HANDLE handle) {
  const auto value = reinterpret_cast<INT_PTR>(handle);
  return value <= 0 && value >= -6;
}

constexpr Outcome wait_error(HRESULT result) { return {result, Function::RtwqPutWaitingWorkItem}; }

Outcome adopt(HANDLE handle, Function function, UniqueHandle& owner) {
  if (!handle) return Outcome::last_error(function);
  owner = UniqueHandle(handle);
  return {};
}

Outcome adopt_created(HANDLE handle, Function function, UniqueHandle& owner, waitable::Origin& origin) {
  origin = GetLastError() == ERROR_ALREADY_EXISTS ? waitable::Origin::opened : waitable::Origin::created;
  return adopt(handle, function, owner);
}

}  // namespace

Outcome WaitTarget::open(HANDLE handle, WaitTarget& target) {
  if (is_pseudo_handle(handle)) return wait_error(E_HANDLE);
  HANDLE duplicate = nullptr;
  const HANDLE self = GetCurrentProcess();
  if (!DuplicateHandle(self, handle, self, &duplicate, 0, FALSE, DUPLICATE_SAME_ACCESS)) {
    return Outcome::last_error(Function::RtwqPutWaitingWorkItem);
  }
  target.handle_ = UniqueHandle(duplicate);

  BasicInformation basic{};
  if (query("NtQueryObject", duplicate, kObjectBasicInformation, &basic, sizeof(basic)) &&
      (basic.granted_access & SYNCHRONIZE) == 0) {
    return wait_error(E_ACCESSDENIED);
  }
  alignas(UNICODE_STRING) std::array<std::byte, 1024> buffer;
  const std::wstring_view type = type_name(duplicate, buffer);
  if (type == L"Mutant") return wait_error(HRESULT_FROM_WIN32(ERROR_NOT_SUPPORTED));
  if (type == L"Event") {
    EventInformation event{};
    if (query_event(duplicate, event) && event.type == kSynchronizationEvent) target.consumes_ = Consumes::event;
  } else if (type == L"Semaphore") {
    target.consumes_ = Consumes::count;
  } else if (type != L"Timer" && type != L"IRTimer") {
    // A wait consumes nothing from other kinds of objects, so try one.
    if (WaitForSingleObject(duplicate, 0) == WAIT_FAILED) return Outcome::last_error(Function::RtwqPutWaitingWorkItem);
  }
  return {};
}

void WaitTarget::restore_signal() const noexcept {
  if (consumes_ == Consumes::event) SetEvent(handle_.get());
  if (consumes_ == Consumes::count) ReleaseSemaphore(handle_.get(), 1, nullptr);
}

namespace waitable {

Outcome create_event(const wchar_t* name, bool manual_reset, bool initial_state, UniqueHandle& event, Origin& origin) {
  return adopt_created(CreateEventW(nullptr, manual_reset, initial_state, name), Function::CreateEventW, event, origin);
}

Outcome open_event(const wchar_t* name, UniqueHandle& event) {
  constexpr DWORD access = SYNCHRONIZE | EVENT_MODIFY_STATE | kEventQueryState;
  return adopt(OpenEventW(access, FALSE, name), Function::OpenEventW, event);
}

Outcome create_semaphore(const wchar_t* name, LONG initial, LONG maximum, UniqueHandle& semaphore, Origin& origin) {
  return adopt_created(CreateSemaphoreW(nullptr, initial, maximum, name), Function::CreateSemaphoreW, semaphore,
                       origin);
}

Outcome open_semaphore(const wchar_t* name, UniqueHandle& semaphore) {
  return adopt(OpenSemaphoreW(SYNCHRONIZE | SEMAPHORE_MODIFY_STATE, FALSE, name), Function::OpenSemaphoreW, semaphore);
}

Outcome create_timer(const wchar_t* name, bool manual_reset, UniqueHandle& timer, Origin& origin,
                     bool& high_resolution) {
  const DWORD flags = manual_reset ? CREATE_WAITABLE_TIMER_MANUAL_RESET : 0;
  // Windows has no named high-resolution timers, and older versions have no high-resolution timers at all.
  HANDLE handle = nullptr;
  if (high_resolution && !name) {
    handle = CreateWaitableTimerExW(nullptr, nullptr, flags | kHighResolution, TIMER_ALL_ACCESS);
  }
  high_resolution = handle != nullptr;
  if (!handle) handle = CreateWaitableTimerExW(nullptr, name, flags, TIMER_ALL_ACCESS);
  return adopt_created(handle, Function::CreateWaitableTimerExW, timer, origin);
}

Outcome open_timer(const wchar_t* name, UniqueHandle& timer) {
  return adopt(OpenWaitableTimerW(SYNCHRONIZE | TIMER_MODIFY_STATE, FALSE, name), Function::OpenWaitableTimerW, timer);
}

Outcome set_timer(HANDLE timer, const TimerSetting& setting, std::unique_ptr<EmulatedPeriod>& emulated, bool& resumes) {
  emulated.reset();
  LARGE_INTEGER due;
  due.QuadPart = setting.due;
  const auto set = [&](LONG period) {
    // If the machine cannot be woken, SetWaitableTimer succeeds but sets ERROR_NOT_SUPPORTED.
    SetLastError(ERROR_SUCCESS);
    const BOOL done = SetWaitableTimer(timer, &due, period, nullptr, nullptr, setting.resume);
    resumes = setting.resume && GetLastError() != ERROR_NOT_SUPPORTED;
    return done != 0;
  };
  const bool whole = setting.period % kUnitsPerMillisecond == 0;
  if (whole && set(static_cast<LONG>(setting.period / kUnitsPerMillisecond))) return {};
  Outcome outcome = Outcome::last_error(Function::SetWaitableTimer);
  // Windows 10 version 1809 rejects periods for high-resolution timers.
  if (!whole || (setting.period != 0 && outcome.result == E_INVALIDARG)) {
    const std::int64_t set_at = EmulatedPeriod::now();
    outcome = set(0) ? EmulatedPeriod::start(timer, setting, set_at, emulated)
                     : Outcome::last_error(Function::SetWaitableTimer);
  }
  // The previous setting may have lost its period above, so cancel it.
  if (outcome.failed()) CancelWaitableTimer(timer);
  return outcome;
}

Outcome open_process(DWORD id, UniqueHandle& process) {
  const Outcome opened =
      adopt(OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, id), Function::OpenProcess, process);
  // OpenProcess ignores the lowest bits of an id, so it may have opened a process with a similar id.
  if (!opened.failed() && GetProcessId(process.get()) != id) return {E_INVALIDARG, Function::OpenProcess};
  return opened;
}

Outcome exit_code(HANDLE process, bool& ended, DWORD& code) {
  // STILL_ACTIVE is also a valid exit code, so the code alone does not tell whether the process has ended.
  ended = WaitForSingleObject(process, 0) == WAIT_OBJECT_0;
  if (GetExitCodeProcess(process, &code)) return {};
  return Outcome::last_error(Function::GetExitCodeProcess);
}

bool is_manual_reset(HANDLE event) {
  EventInformation information{};
  return query_event(event, information) && information.type != kSynchronizationEvent;
}

}  // namespace waitable
}  // namespace rtworkq
