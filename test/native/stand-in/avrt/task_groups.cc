// Runs on callers' threads. The groups live as long as the process.

#include "avrt/task_groups.h"

#include "common/task_groups.h"

#include <cwchar>

namespace stand_in {
namespace {

/// The registry lists the classes, as on Windows.
bool is_task_class(const std::wstring& name) {
  if (name.empty() || name.find(L'\\') != std::wstring::npos) return false;
  const std::wstring path =
      L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Multimedia\\SystemProfile\\Tasks\\" + name;
  HKEY key = nullptr;
  if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path.c_str(), 0, KEY_READ, &key) != ERROR_SUCCESS) return false;
  RegCloseKey(key);
  return true;
}

}  // namespace

TaskGroups& TaskGroups::instance() {
  // Never destroyed: threads may call until the process ends.
  static TaskGroups& groups = *new TaskGroups;
  return groups;
}

DWORD TaskGroups::join(const wchar_t* task_class, DWORD& id) {
  if (!task_class || !is_task_class(task_class)) return kErrorInvalidTaskName;
  const Guard guard(lock_);
  if (id == 0) {
    id = ++last_id_;
    groups_.emplace(id, Group{task_class, 1});
    return ERROR_SUCCESS;
  }
  const auto found = groups_.find(id);
  if (found == groups_.end() || _wcsicmp(found->second.task_class.c_str(), task_class) != 0)
    return kErrorInvalidTaskIndex;
  ++found->second.members;
  return ERROR_SUCCESS;
}

void TaskGroups::leave(DWORD id) {
  const Guard guard(lock_);
  const auto found = groups_.find(id);
  if (found != groups_.end() && --found->second.members == 0) groups_.erase(found);
}

}  // namespace stand_in
