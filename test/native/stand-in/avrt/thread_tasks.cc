// Runs on the threads that enter and leave task groups.

#include "avrt/thread_tasks.h"

#include "avrt/task_groups.h"
#include "common/task_groups.h"

namespace stand_in {

ThreadTasks& ThreadTasks::instance() {
  // Never destroyed: threads may call until the process ends.
  static ThreadTasks& tasks = *new ThreadTasks;
  return tasks;
}

DWORD ThreadTasks::enter(const wchar_t* task_class, DWORD& id, HANDLE& handle) {
  const Guard guard(lock_);
  if (by_thread_.contains(GetCurrentThreadId())) return kErrorThreadAlreadyInTask;
  if (const DWORD error = TaskGroups::instance().join(task_class, id); error != ERROR_SUCCESS) return error;
  // Looks like a kernel handle, but has a value that none has.
  last_handle_ += 4;
  handle = reinterpret_cast<HANDLE>(0x10000000 + last_handle_);
  by_thread_.emplace(GetCurrentThreadId(), Task{id, handle});
  return ERROR_SUCCESS;
}

DWORD ThreadTasks::revert(HANDLE handle) {
  if (const DWORD error = check(handle); error != ERROR_SUCCESS) return error;
  forget_this_thread();
  return ERROR_SUCCESS;
}

DWORD ThreadTasks::check(HANDLE handle) {
  const Guard guard(lock_);
  const auto found = by_thread_.find(GetCurrentThreadId());
  return found != by_thread_.end() && found->second.handle == handle ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

void ThreadTasks::forget_this_thread() {
  const Guard guard(lock_);
  const auto found = by_thread_.find(GetCurrentThreadId());
  if (found == by_thread_.end()) return;
  TaskGroups::instance().leave(found->second.group);
  by_thread_.erase(found);
}

}  // namespace stand_in
