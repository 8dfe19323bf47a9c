// The MMCSS task groups, which both stand-ins use. avrt.dll owns them and exports these two functions besides its
// public ones, so that a thread and a work queue can be in the same group. Any thread.

#pragma once

#include <windows.h>

namespace stand_in {

// From winerror.h; mingw-w64 lacks them.
inline constexpr DWORD kErrorInvalidTaskName = 1550;
inline constexpr DWORD kErrorInvalidTaskIndex = 1551;
inline constexpr DWORD kErrorThreadAlreadyInTask = 1552;

/// Joins a group of that class: the one with that id or, if the id is 0, a new one, whose id is stored in `id`. The
/// group lives until all members have left. Returns a Win32 error code.
using JoinTaskGroup = DWORD(WINAPI*)(const wchar_t* task_class, DWORD* id);
using LeaveTaskGroup = void(WINAPI*)(DWORD id);

inline constexpr char kJoinTaskGroup[] = "StandInJoinTaskGroup";
inline constexpr char kLeaveTaskGroup[] = "StandInLeaveTaskGroup";

}  // namespace stand_in
