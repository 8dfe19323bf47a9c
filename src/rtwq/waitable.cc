// Runs on JavaScript threads, but for restore_signal(), which runs on any thread.

#include "rtwq/waitable.h"

#include <winternl.h>

#include <array>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>

namespace rtworkq {
namespace {

// ntdll's questions about an object. Windows has no documented way to tell a mutex from an event.
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
constexpr DWORD kHighResolution = 0x0002;  // CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, in the newer headers only

using Query = LONG(NTAPI*)(HANDLE, ULONG, void*, ULONG, ULONG*);

bool query(const char* function, HANDLE handle, ULONG information, void* buffer, std::size_t size) {
  const auto ask = resolve<Query>(GetModuleHandleW(L"ntdll.dll"), function);
  ULONG length = 0;
  return ask && ask(handle, information, buffer, static_cast<ULONG>(size), &length) >= 0;
}

/// The name of the object's type; as long as the buffer lives.
std::wstring_view type_of(HANDLE handle, std::array<std::byte, 1024>& buffer) {
  if (!query("NtQueryObject", handle, kObjectTypeInformation, buffer.data(), buffer.size())) return {};
  const auto* name = reinterpret_cast<const UNICODE_STRING*>(buffer.data());
  return {name->Buffer, name->Length / sizeof(wchar_t)};
}

bool can_be_asked(HANDLE event, EventInformation& information) {
  return query("NtQueryEvent", event, kEventBasicInformation, &information, sizeof(information));
}

/// INVALID_HANDLE_VALUE, and the other numbers that mean the process or thread itself.
bool is_pseudo(HANDLE handle) {
  const auto value = reinterpret_cast<INT_PTR>(handle);
  return value <= 0 && value >= -6;
}

constexpr Outcome refused(HRESULT result) { return {result, Function::RtwqPutWaitingWorkItem}; }

Outcome adopt(HANDLE handle, Function function, UniqueHandle& owner) {
  if (!handle) return Outcome::last_error(function);
  owner = UniqueHandle(handle);
  return {};
}

Outcome adopt_made(HANDLE handle, Function function, UniqueHandle& owner, waitable::Origin& origin) {
  origin = GetLastError() == ERROR_ALREADY_EXISTS ? waitable::Origin::opened : waitable::Origin::made;
  return adopt(handle, function, owner);
}

}  // namespace

Outcome WaitTarget::open(HANDLE handle, WaitTarget& target) {
  if (is_pseudo(handle)) return refused(E_HANDLE);
  HANDLE duplicate = nullptr;
  const HANDLE self = GetCurrentProcess();
  if (!DuplicateHandle(self, handle, self, &duplicate, 0, FALSE, DUPLICATE_SAME_ACCESS)) {
    return Outcome::last_error(Function::RtwqPutWaitingWorkItem);
  }
  target.handle_ = UniqueHandle(duplicate);

  BasicInformation basic{};
  if (query("NtQueryObject", duplicate, kObjectBasicInformation, &basic, sizeof(basic)) &&
      (basic.granted_access & SYNCHRONIZE) == 0) {
    return refused(E_ACCESSDENIED);
  }
  alignas(UNICODE_STRING) std::array<std::byte, 1024> buffer;
  const std::wstring_view type = type_of(duplicate, buffer);
  if (type == L"Mutant") return refused(HRESULT_FROM_WIN32(ERROR_NOT_SUPPORTED));
  if (type == L"Event") {
    EventInformation event{};
    if (can_be_asked(duplicate, event) && event.type == kSynchronizationEvent) target.taken_ = Taken::event;
  } else if (type == L"Semaphore") {
    target.taken_ = Taken::count;
  } else if (type != L"Timer" && type != L"IRTimer") {
    // A wait takes nothing from any other kind of object, so it can be tried.
    if (WaitForSingleObject(duplicate, 0) == WAIT_FAILED) return Outcome::last_error(Function::RtwqPutWaitingWorkItem);
  }
  return {};
}

void WaitTarget::restore_signal() const noexcept {
  if (taken_ == Taken::event) SetEvent(handle_.get());
  if (taken_ == Taken::count) ReleaseSemaphore(handle_.get(), 1, nullptr);
}

namespace waitable {

Outcome create_event(const wchar_t* name, bool manual_reset, bool initial_state, UniqueHandle& event, Origin& origin) {
  return adopt_made(CreateEventW(nullptr, manual_reset, initial_state, name), Function::CreateEventW, event, origin);
}

Outcome open_event(const wchar_t* name, UniqueHandle& event) {
  constexpr DWORD access = SYNCHRONIZE | EVENT_MODIFY_STATE | kEventQueryState;
  return adopt(OpenEventW(access, FALSE, name), Function::OpenEventW, event);
}

Outcome create_semaphore(const wchar_t* name, LONG initial, LONG maximum, UniqueHandle& semaphore, Origin& origin) {
  return adopt_made(CreateSemaphoreW(nullptr, initial, maximum, name), Function::CreateSemaphoreW, semaphore, origin);
}

Outcome open_semaphore(const wchar_t* name, UniqueHandle& semaphore) {
  return adopt(OpenSemaphoreW(SYNCHRONIZE | SEMAPHORE_MODIFY_STATE, FALSE, name), Function::OpenSemaphoreW, semaphore);
}

Outcome create_timer(const wchar_t* name, bool manual_reset, UniqueHandle& timer, Origin& origin,
                     bool& high_resolution) {
  const DWORD flags = manual_reset ? CREATE_WAITABLE_TIMER_MANUAL_RESET : 0;
  // Windows has no timers of high resolution with a name, and older ones have none at all.
  HANDLE handle = nullptr;
  if (high_resolution && !name) {
    handle = CreateWaitableTimerExW(nullptr, nullptr, flags | kHighResolution, TIMER_ALL_ACCESS);
  }
  high_resolution = handle != nullptr;
  if (!handle) handle = CreateWaitableTimerExW(nullptr, name, flags, TIMER_ALL_ACCESS);
  return adopt_made(handle, Function::CreateWaitableTimerExW, timer, origin);
}

Outcome open_timer(const wchar_t* name, UniqueHandle& timer) {
  return adopt(OpenWaitableTimerW(SYNCHRONIZE | TIMER_MODIFY_STATE, FALSE, name), Function::OpenWaitableTimerW, timer);
}

Outcome set_timer(HANDLE timer, const TimerSetting& setting, std::unique_ptr<KeptPeriod>& kept, bool& resumes) {
  kept.reset();
  LARGE_INTEGER due;
  due.QuadPart = setting.due;
  const auto set = [&](LONG period) {
    // A machine that cannot be woken leaves an error behind, though the timer is set.
    SetLastError(ERROR_SUCCESS);
    const BOOL done = SetWaitableTimer(timer, &due, period, nullptr, nullptr, setting.resume);
    resumes = setting.resume && GetLastError() != ERROR_NOT_SUPPORTED;
    return done != 0;
  };
  const bool whole = setting.period % kUnitsPerMillisecond == 0;
  if (whole && set(static_cast<LONG>(setting.period / kUnitsPerMillisecond))) return {};
  Outcome outcome = Outcome::last_error(Function::SetWaitableTimer);
  // Windows 10, version 1809, refuses periods of timers of high resolution.
  if (!whole || (setting.period != 0 && outcome.result == E_INVALIDARG)) {
    const std::int64_t set_at = KeptPeriod::now();
    outcome =
        set(0) ? KeptPeriod::start(timer, setting, set_at, kept) : Outcome::last_error(Function::SetWaitableTimer);
  }
  // What it was set to before has ended with its period.
  if (outcome.failed()) CancelWaitableTimer(timer);
  return outcome;
}

Outcome open_process(DWORD id, UniqueHandle& process) {
  const Outcome opened =
      adopt(OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, id), Function::OpenProcess, process);
  // The system looks at the upper bits of an id only: a neighbour's process is not the one that was asked for.
  if (!opened.failed() && GetProcessId(process.get()) != id) return {E_INVALIDARG, Function::OpenProcess};
  return opened;
}

Outcome exit_code(HANDLE process, bool& ended, DWORD& code) {
  // The code of a process that runs is a number that one which has ended may have as well.
  ended = WaitForSingleObject(process, 0) == WAIT_OBJECT_0;
  if (GetExitCodeProcess(process, &code)) return {};
  return Outcome::last_error(Function::GetExitCodeProcess);
}

bool is_manual_reset(HANDLE event) {
  EventInformation information{};
  return can_be_asked(event, information) && information.type != kSynchronizationEvent;
}

}  // namespace waitable
}  // namespace rtworkq
