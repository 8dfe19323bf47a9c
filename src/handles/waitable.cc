// Runs on any thread.

#include "handles/waitable.h"

#include <algorithm>
#include <cmath>

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

/// Calls `open(rights)` with all rights that the methods need, and then, while access is denied, with fewer. A method
/// whose right is missing fails when it is called. `modify` and `query` are the rights to change the object and to read
/// its state.
template <class Open>
HANDLE open_as_granted(DWORD modify, DWORD query, Open open) {
  const DWORD choices[] = {
      SYNCHRONIZE | modify | query, SYNCHRONIZE | modify, SYNCHRONIZE | query, SYNCHRONIZE, modify | query, modify};
  for (const DWORD rights : choices) {
    const HANDLE handle = open(rights);
    if (handle || GetLastError() != ERROR_ACCESS_DENIED) return handle;
  }
  return nullptr;
}

/// Calls `create(rights)`. If an object with that name exists and does not grant them all, opens it with those that it
/// grants. `open(rights)` and the rights are as in open_as_granted().
template <class Create, class Open>
Outcome create_as_granted(DWORD modify, DWORD query, Create create, Open open, Function function, UniqueHandle& owner,
                          waitable::Origin& origin) {
  HANDLE handle = create(SYNCHRONIZE | modify | query);
  const DWORD created = GetLastError();
  origin = !handle || created == ERROR_ALREADY_EXISTS ? waitable::Origin::opened : waitable::Origin::created;
  if (!handle && created == ERROR_ACCESS_DENIED) {
    handle = open_as_granted(modify, query, open);
    // Not that there is no such object: it may have been deleted meanwhile, or it is of another kind.
    if (!handle) SetLastError(created);
  }
  return adopt(handle, function, owner);
}

}  // namespace

namespace waitable {

Outcome create_event(const wchar_t* name, bool manual_reset, bool initial_state, UniqueHandle& event, Origin& origin) {
  const DWORD flags = (manual_reset ? CREATE_EVENT_MANUAL_RESET : 0) | (initial_state ? CREATE_EVENT_INITIAL_SET : 0);
  return create_as_granted(
      EVENT_MODIFY_STATE, kEventQueryState, [&](DWORD rights) { return CreateEventExW(nullptr, name, flags, rights); },
      [&](DWORD rights) { return OpenEventW(rights, FALSE, name); }, Function::CreateEventExW, event, origin);
}

Outcome open_event(const wchar_t* name, UniqueHandle& event) {
  const auto open = [&](DWORD rights) { return OpenEventW(rights, FALSE, name); };
  return adopt(open_as_granted(EVENT_MODIFY_STATE, kEventQueryState, open), Function::OpenEventW, event);
}

Outcome create_semaphore(const wchar_t* name, LONG initial, LONG maximum, UniqueHandle& semaphore, Origin& origin) {
  return create_as_granted(
      SEMAPHORE_MODIFY_STATE, kSemaphoreQueryState,
      [&](DWORD rights) { return CreateSemaphoreExW(nullptr, initial, maximum, name, 0, rights); },
      [&](DWORD rights) { return OpenSemaphoreW(rights, FALSE, name); }, Function::CreateSemaphoreExW, semaphore,
      origin);
}

Outcome open_semaphore(const wchar_t* name, UniqueHandle& semaphore) {
  const auto open = [&](DWORD rights) { return OpenSemaphoreW(rights, FALSE, name); };
  return adopt(open_as_granted(SEMAPHORE_MODIFY_STATE, kSemaphoreQueryState, open), Function::OpenSemaphoreW,
               semaphore);
}

Outcome create_timer(const wchar_t* name, bool manual_reset, UniqueHandle& timer, Origin& origin,
                     bool& high_resolution) {
  const DWORD flags = manual_reset ? CREATE_WAITABLE_TIMER_MANUAL_RESET : 0;
  // Windows has no named high-resolution timers, and older versions have no high-resolution timers at all.
  if (high_resolution && !name) {
    constexpr DWORD rights = SYNCHRONIZE | TIMER_MODIFY_STATE | TIMER_QUERY_STATE;
    origin = Origin::created;
    timer = UniqueHandle(CreateWaitableTimerExW(nullptr, nullptr, flags | kHighResolution, rights));
    if (timer) return {};
  }
  high_resolution = false;
  return create_as_granted(
      TIMER_MODIFY_STATE, TIMER_QUERY_STATE,
      [&](DWORD rights) { return CreateWaitableTimerExW(nullptr, name, flags, rights); },
      [&](DWORD rights) { return OpenWaitableTimerW(rights, FALSE, name); }, Function::CreateWaitableTimerExW, timer,
      origin);
}

Outcome open_timer(const wchar_t* name, UniqueHandle& timer) {
  const auto open = [&](DWORD rights) { return OpenWaitableTimerW(rights, FALSE, name); };
  return adopt(open_as_granted(TIMER_MODIFY_STATE, TIMER_QUERY_STATE, open), Function::OpenWaitableTimerW, timer);
}

Outcome create_own_timer(UniqueHandle& timer) {
  Origin origin{};
  bool high_resolution = true;
  return create_timer(nullptr, false, timer, origin, high_resolution);
}

bool set_after(HANDLE timer, double milliseconds) noexcept {
  LARGE_INTEGER due;
  // Relative times are negative; 0 would be an absolute time. So "now" is one unit of 100 ns.
  due.QuadPart =
      -static_cast<LONGLONG>(std::max(1.0, std::ceil(std::min(milliseconds, kMaxDelayMs) * kUnitsPerMillisecond)));
  return SetWaitableTimer(timer, &due, 0, nullptr, nullptr, FALSE) != 0;
}

Outcome open_process(DWORD id, UniqueHandle& process) {
  // OpenProcess ignores the lowest bits of an id, so it would open a process with a similar id.
  if (id % 4 != 0) return {E_INVALIDARG, Function::OpenProcess};
  constexpr DWORD choices[] = {SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, SYNCHRONIZE,
                               PROCESS_QUERY_LIMITED_INFORMATION};
  for (const DWORD rights : choices) {
    process = UniqueHandle(OpenProcess(rights, FALSE, id));
    if (process) return {};
    if (GetLastError() != ERROR_ACCESS_DENIED) break;
  }
  return Outcome::last_error(Function::OpenProcess);
}

Outcome exit_code(HANDLE process, bool& ended, DWORD& code) {
  // STILL_ACTIVE is also a valid exit code, so the code alone does not tell whether the process has ended.
  ended = WaitForSingleObject(process, 0) == WAIT_OBJECT_0;
  if (GetExitCodeProcess(process, &code)) return {};
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
