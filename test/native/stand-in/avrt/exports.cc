// The exports of avrt.dll, for programs and for rtworkq.dll. Runs on callers' threads.

#include "avrt/task_groups.h"
#include "avrt/thread_tasks.h"
#include "common/task_groups.h"

#include <avrt.h>

#include <string>

namespace {

using stand_in::TaskGroups;
using stand_in::ThreadTasks;

// The default in Windows' registry.
constexpr ULONG kSystemResponsiveness = 20;

BOOL report(DWORD error) {
  if (error == ERROR_SUCCESS) return TRUE;
  SetLastError(error);
  return FALSE;
}

HANDLE enter(const wchar_t* task_class, DWORD* id) {
  HANDLE handle = nullptr;
  report(id ? ThreadTasks::instance().enter(task_class, *id, handle) : ERROR_INVALID_PARAMETER);
  return handle;
}

std::wstring widen(const char* text) {
  const int length = MultiByteToWideChar(CP_ACP, 0, text, -1, nullptr, 0);
  std::wstring wide(static_cast<std::size_t>(length), L'\0');
  MultiByteToWideChar(CP_ACP, 0, text, -1, wide.data(), length);
  wide.pop_back();  // the NUL, which std::wstring adds itself
  return wide;
}

}  // namespace

#define EXPORTED(type) extern "C" __declspec(dllexport) type WINAPI

EXPORTED(HANDLE) AvSetMmThreadCharacteristicsW(const wchar_t* task_class, DWORD* id) { return enter(task_class, id); }

EXPORTED(HANDLE) AvSetMmThreadCharacteristicsA(const char* task_class, DWORD* id) {
  return task_class ? enter(widen(task_class).c_str(), id) : enter(nullptr, id);
}

EXPORTED(HANDLE)
AvSetMmMaxThreadCharacteristicsW(const wchar_t* first_class, const wchar_t* second_class, DWORD* id) {
  // The second class must exist too. We do not compare their priorities.
  DWORD probe = 0;
  if (!report(TaskGroups::instance().join(second_class, probe))) return nullptr;
  TaskGroups::instance().leave(probe);
  return enter(first_class, id);
}

EXPORTED(BOOL) AvRevertMmThreadCharacteristics(HANDLE handle) { return report(ThreadTasks::instance().revert(handle)); }

EXPORTED(BOOL) AvSetMmThreadPriority(HANDLE handle, AVRT_PRIORITY priority) {
  if (priority < AVRT_PRIORITY_VERYLOW || priority > AVRT_PRIORITY_CRITICAL) return report(ERROR_INVALID_PARAMETER);
  return report(ThreadTasks::instance().check(handle));
}

EXPORTED(BOOL) AvQuerySystemResponsiveness(HANDLE handle, ULONG* value) {
  if (!value) return report(ERROR_INVALID_PARAMETER);
  if (!report(ThreadTasks::instance().check(handle))) return FALSE;
  *value = kSystemResponsiveness;
  return TRUE;
}

EXPORTED(DWORD) StandInJoinTaskGroup(const wchar_t* task_class, DWORD* id) {
  return TaskGroups::instance().join(task_class, *id);
}

EXPORTED(void) StandInLeaveTaskGroup(DWORD id) { TaskGroups::instance().leave(id); }

BOOL WINAPI DllMain(HINSTANCE, DWORD reason, void*) {
  // Windows may reuse the id of a thread that ends, so remove it from the table.
  if (reason == DLL_THREAD_DETACH) ThreadTasks::instance().forget_this_thread();
  return TRUE;
}
