// Runs on any thread.

#include "handles/waitable.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace rtworkq {
namespace {

// Rights that no header of the SDK names.
constexpr DWORD kEventQueryState = 0x0001;
constexpr DWORD kSemaphoreQueryState = 0x0001;
constexpr DWORD kHighResolution = 0x0002;  // CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, only in newer headers

// 24 days.
constexpr double kMaxDelayMs = 2'147'483'647;

Outcome adopt(HANDLE handle, Function function, UniqueHandle& owner) {
  if (!handle) return Outcome::last_error(function);
  owner = UniqueHandle(handle);
  return {};
}

/// A kind of object: the rights to change it and to read its state, and the function that opens it.
struct Access {
  DWORD modify;
  DWORD query;
  HANDLE(WINAPI* open)(DWORD rights, BOOL inherit, const wchar_t* name);
};

const Access kEvent{EVENT_MODIFY_STATE, kEventQueryState, OpenEventW};
const Access kSemaphore{SEMAPHORE_MODIFY_STATE, kSemaphoreQueryState, OpenSemaphoreW};
const Access kTimer{TIMER_MODIFY_STATE, TIMER_QUERY_STATE, OpenWaitableTimerW};

DWORD all_rights(const Access& access) { return SYNCHRONIZE | access.modify | access.query; }

/// Calls `open(rights)` with each choice, while access is denied.
template <class Open>
HANDLE open_as_granted(std::initializer_list<DWORD> choices, Open open) {
  for (const DWORD rights : choices) {
    const HANDLE handle = open(rights);
    if (handle || GetLastError() != ERROR_ACCESS_DENIED) return handle;
  }
  return nullptr;
}

/// Opens an object with all rights that the methods need, or with fewer. A method whose right is missing fails when it
/// is called.
HANDLE open_named(const Access& access, const wchar_t* name) {
  const DWORD modify = access.modify;
  const DWORD query = access.query;
  return open_as_granted(
      {all_rights(access), SYNCHRONIZE | modify, SYNCHRONIZE | query, SYNCHRONIZE, modify | query, modify},
      [&](DWORD rights) { return access.open(rights, FALSE, name); });
}

/// Calls `create(rights)`. If an object with that name exists and does not grant them all, opens it with those that it
/// grants.
template <class Create>
Outcome create_named(const Access& access, const waitable::Identity& identity, Create create, Function function,
                     UniqueHandle& owner, waitable::Origin& origin) {
  HANDLE handle = create(all_rights(access));
  const DWORD created = GetLastError();
  origin = !handle || created == ERROR_ALREADY_EXISTS ? waitable::Origin::opened : waitable::Origin::created;
  if (!handle && created == ERROR_ACCESS_DENIED) {
    handle = open_named(access, identity.name);
    // Not that there is no such object: it may have been deleted meanwhile, or it is of another kind.
    if (!handle) SetLastError(created);
  }
  return adopt(handle, function, owner);
}

}  // namespace

namespace waitable {

Outcome create_event(Identity identity, bool manual_reset, bool initial_state, UniqueHandle& event, Origin& origin) {
  const DWORD flags = (manual_reset ? CREATE_EVENT_MANUAL_RESET : 0) | (initial_state ? CREATE_EVENT_INITIAL_SET : 0);
  const auto create = [&](DWORD rights) { return CreateEventExW(identity.security, identity.name, flags, rights); };
  return create_named(kEvent, identity, create, Function::CreateEventExW, event, origin);
}

Outcome open_event(const wchar_t* name, UniqueHandle& event) {
  return adopt(open_named(kEvent, name), Function::OpenEventW, event);
}

Outcome create_semaphore(Identity identity, LONG initial, LONG maximum, UniqueHandle& semaphore, Origin& origin) {
  const auto create = [&](DWORD rights) {
    return CreateSemaphoreExW(identity.security, initial, maximum, identity.name, 0, rights);
  };
  return create_named(kSemaphore, identity, create, Function::CreateSemaphoreExW, semaphore, origin);
}

Outcome open_semaphore(const wchar_t* name, UniqueHandle& semaphore) {
  return adopt(open_named(kSemaphore, name), Function::OpenSemaphoreW, semaphore);
}

Outcome create_timer(Identity identity, bool manual_reset, UniqueHandle& timer, Origin& origin, bool& high_resolution) {
  const DWORD flags = manual_reset ? CREATE_WAITABLE_TIMER_MANUAL_RESET : 0;
  // Windows has no named high-resolution timers, and older versions have no high-resolution timers at all.
  if (high_resolution && !identity.name) {
    origin = Origin::created;
    timer =
        UniqueHandle(CreateWaitableTimerExW(identity.security, nullptr, flags | kHighResolution, all_rights(kTimer)));
    if (timer) return {};
  }
  high_resolution = false;
  const auto create = [&](DWORD rights) {
    return CreateWaitableTimerExW(identity.security, identity.name, flags, rights);
  };
  return create_named(kTimer, identity, create, Function::CreateWaitableTimerExW, timer, origin);
}

Outcome open_timer(const wchar_t* name, UniqueHandle& timer) {
  return adopt(open_named(kTimer, name), Function::OpenWaitableTimerW, timer);
}

Outcome create_own_event(UniqueHandle& event) {
  Origin origin{};
  return create_event({}, false, false, event, origin);
}

Outcome create_own_timer(UniqueHandle& timer) {
  Origin origin{};
  bool high_resolution = true;
  return create_timer({}, false, timer, origin, high_resolution);
}

bool set_after(HANDLE timer, double milliseconds) noexcept {
  LARGE_INTEGER due;
  // Relative times are negative; 0 would be an absolute time. So "now" is one unit of 100 ns.
  due.QuadPart =
      -static_cast<LONGLONG>(std::max(1.0, std::ceil(std::min(milliseconds, kMaxDelayMs) * kUnitsPerMillisecond)));
  return SetWaitableTimer(timer, &due, 0, nullptr, nullptr, FALSE) != 0;
}

// The right to wait is enough to acquire and release a mutex.

Outcome create_mutex(Identity identity, UniqueHandle& mutex, Origin& origin) {
  const HANDLE handle = CreateMutexExW(identity.security, identity.name, 0, SYNCHRONIZE);
  origin = handle && GetLastError() != ERROR_ALREADY_EXISTS ? Origin::created : Origin::opened;
  return adopt(handle, Function::CreateMutexExW, mutex);
}

Outcome open_mutex(const wchar_t* name, UniqueHandle& mutex) {
  return adopt(OpenMutexW(SYNCHRONIZE, FALSE, name), Function::OpenMutexW, mutex);
}

Outcome mutex_exists(const wchar_t* name, bool& exists) {
  UniqueHandle mutex;
  const Outcome opened = open_mutex(name, mutex);
  exists = mutex || opened.result == E_ACCESSDENIED;
  const bool missing = opened.result == HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND);
  return exists || missing ? Outcome{} : opened;
}

Outcome open_process(DWORD id, UniqueHandle& process) {
  // OpenProcess ignores the lowest bits of an id, so it would open a process with a similar id.
  if (id % 4 != 0) return {E_INVALIDARG, Function::OpenProcess};
  const HANDLE handle =
      open_as_granted({SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, SYNCHRONIZE, PROCESS_QUERY_LIMITED_INFORMATION},
                      [&](DWORD rights) { return OpenProcess(rights, FALSE, id); });
  return adopt(handle, Function::OpenProcess, process);
}

Outcome exit_code(HANDLE process, bool& ended, DWORD& code) {
  // STILL_ACTIVE is also a valid exit code, so the code alone does not tell whether the process has ended.
  const DWORD result = WaitForSingleObject(process, 0);
  if (GetExitCodeProcess(process, &code)) {
    // Without the right to wait, there is only the code.
    ended = result == WAIT_FAILED ? code != STILL_ACTIVE : result == WAIT_OBJECT_0;
    return {};
  }
  return Outcome::last_error(Function::GetExitCodeProcess);
}

Outcome creation_time(HANDLE process, std::uint64_t& time) {
  FILETIME created, exited, in_kernel, in_user;
  if (!GetProcessTimes(process, &created, &exited, &in_kernel, &in_user)) {
    return Outcome::last_error(Function::GetProcessTimes);
  }
  time = std::uint64_t{created.dwHighDateTime} << 32 | created.dwLowDateTime;
  return {};
}

Outcome terminate_process(HANDLE process, DWORD id, DWORD code, bool& terminated) {
  terminated = false;
  if (WaitForSingleObject(process, 0) == WAIT_OBJECT_0) return {};
  // While its handle is open, no other process can get its id.
  const UniqueHandle handle(OpenProcess(PROCESS_TERMINATE, FALSE, id));
  if (!handle) return Outcome::last_error(Function::OpenProcess);
  terminated = TerminateProcess(handle.get(), code) != 0;
  // The handle has the right, so this means that the process is ending.
  if (terminated || GetLastError() == ERROR_ACCESS_DENIED) return {};
  return Outcome::last_error(Function::TerminateProcess);
}

}  // namespace waitable
}  // namespace rtworkq
