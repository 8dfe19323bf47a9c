// Creates and opens waitable handles. Any thread.

#pragma once

#include "base/handle.h"
#include "base/outcome.h"

#include <cstdint>

namespace rtworkq {

/// Windows' timers count in units of 100 ns. An int, so that it converts to both double and int64_t.
inline constexpr int kUnitsPerMillisecond = 10'000;

namespace waitable {

/// Whether a named object was created or already existed.
enum class Origin : bool { created, opened };

/// The name of an object, and who may use it.
struct Identity {
  const wchar_t* name = nullptr;
  /// Null for Windows' default: this user, administrators and the system.
  SECURITY_ATTRIBUTES* security = nullptr;
};

Outcome create_event(Identity identity, bool manual_reset, bool initial_state, UniqueHandle& event, Origin& origin);
Outcome open_event(const wchar_t* name, UniqueHandle& event);
Outcome create_semaphore(Identity identity, LONG initial, LONG maximum, UniqueHandle& semaphore, Origin& origin);
Outcome open_semaphore(const wchar_t* name, UniqueHandle& semaphore);
/// `high_resolution` is in and out: Windows 10 version 1803 and later have it, only for timers without a name.
Outcome create_timer(Identity identity, bool manual_reset, UniqueHandle& timer, Origin& origin, bool& high_resolution);
Outcome open_timer(const wchar_t* name, UniqueHandle& timer);
/// An auto-reset event for the package's own use.
Outcome create_own_event(UniqueHandle& event);
/// An auto-reset timer for the package's own use, of the highest resolution that Windows has.
Outcome create_own_timer(UniqueHandle& timer);
/// Sets a timer to a time from now, in milliseconds. A longer time than 24 days becomes 24 days. False if it fails.
bool set_after(HANDLE timer, double milliseconds) noexcept;
/// Does not acquire the mutex.
Outcome create_mutex(Identity identity, UniqueHandle& mutex, Origin& origin);
Outcome open_mutex(const wchar_t* name, UniqueHandle& mutex);
/// Whether there is a mutex with that name.
Outcome mutex_exists(const wchar_t* name, bool& exists);
/// With the rights to wait and to read the exit code.
Outcome open_process(DWORD id, UniqueHandle& process);
/// Whether the process has ended, and its exit code.
Outcome exit_code(HANDLE process, bool& ended, DWORD& code);
/// When the process was created, in units of 100 ns since Windows' epoch, 1 January 1601.
Outcome creation_time(HANDLE process, std::uint64_t& time);
/// Ends the process with this handle and id. `terminated` is false if it had ended or was ending.
Outcome terminate_process(HANDLE process, DWORD id, DWORD code, bool& terminated);

}  // namespace waitable

}  // namespace rtworkq
