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

Outcome create_event(const wchar_t* name, bool manual_reset, bool initial_state, UniqueHandle& event, Origin& origin);
Outcome open_event(const wchar_t* name, UniqueHandle& event);
Outcome create_semaphore(const wchar_t* name, LONG initial, LONG maximum, UniqueHandle& semaphore, Origin& origin);
Outcome open_semaphore(const wchar_t* name, UniqueHandle& semaphore);
/// `high_resolution` is in and out: Windows 10 version 1803 and later have it, only for timers without a name.
Outcome create_timer(const wchar_t* name, bool manual_reset, UniqueHandle& timer, Origin& origin,
                     bool& high_resolution);
Outcome open_timer(const wchar_t* name, UniqueHandle& timer);
/// An auto-reset timer for the package's own use, of the highest resolution that Windows has.
Outcome create_own_timer(UniqueHandle& timer);
/// Sets a timer to a time from now, in milliseconds. A longer time than 24 days becomes 24 days. False if it fails.
bool set_after(HANDLE timer, double milliseconds) noexcept;
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
