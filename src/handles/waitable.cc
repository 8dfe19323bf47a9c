// Runs on any thread.

#include "handles/waitable.h"

#include <algorithm>
#include <cmath>

namespace rtworkq {
namespace {

constexpr DWORD kEventQueryState = 0x0001;
constexpr DWORD kHighResolution = 0x0002;  // CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, only in newer headers

// 24 days.
constexpr double kMaxDelayMs = 2'147'483'647;

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

}  // namespace waitable
}  // namespace rtworkq
