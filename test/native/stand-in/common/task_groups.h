// What the two stand-ins share: the task groups of MMCSS. avrt.dll keeps them, and exports these two functions besides
// its public ones, so that a thread and a work queue of one process can be in the same group. Any thread.

#pragma once

#include <windows.h>

namespace stand_in {

// Of winerror.h; mingw-w64 does not have them.
inline constexpr DWORD kErrorInvalidTaskName = 1550;
inline constexpr DWORD kErrorInvalidTaskIndex = 1551;
inline constexpr DWORD kErrorThreadAlreadyInTask = 1552;

/// Joins a group of that class: the one with that id, or a new one where the id is 0, which then becomes the new id.
/// The group stays until everybody has left it. Gives a Win32 error code.
using JoinTaskGroup = DWORD(WINAPI*)(const wchar_t* task_class, DWORD* id);
using LeaveTaskGroup = void(WINAPI*)(DWORD id);

inline constexpr char kJoinTaskGroup[] = "StandInJoinTaskGroup";
inline constexpr char kLeaveTaskGroup[] = "StandInLeaveTaskGroup";

}  // namespace stand_in
