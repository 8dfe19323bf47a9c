// A work queue's MMCSS registration: its class, task group and priority. avrt.dll owns the groups. Any thread.

#pragma once

#include "rtworkq/async_result.h"

#include <memory>
#include <string>

namespace stand_in {

/// Membership in a task group. The destructor leaves the group.
class TaskGroup {
 public:
  /// Like JoinTaskGroup in common/task_groups.h: if `id` is 0, it receives the new group's id. Returns a Win32 error
  /// code.
  static DWORD join(const wchar_t* task_class, DWORD& id, std::shared_ptr<TaskGroup>& group);

  explicit TaskGroup(DWORD id) noexcept : id_(id) {}
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  DWORD id() const noexcept { return id_; }

 private:
  const DWORD id_;
};

/// A queue's registration; `group` is null if it has none.
struct Registration {
  std::wstring task_class;
  LONG priority = 0;
  std::shared_ptr<TaskGroup> group;
};

/// Joins the group. Fails with the errors of RtwqBeginRegisterWorkQueueWithMMCSS.
HRESULT register_with_mmcss(const wchar_t* task_class, DWORD task_id, LONG priority, Registration& registration);

inline constexpr LONG kMaxAvrtPriority = 2;  // the minimum is -2

/// The object in the async result that a registration's callback gets. Other code cannot create one.
class MmcssOperation final : public rtworkq::RefCounted<IUnknown> {
 public:
  enum class Kind { registration, unregistration };

  MmcssOperation(Kind kind, DWORD task_id) noexcept : kind_(kind), task_id_(task_id) {}

  HRESULT STDMETHODCALLTYPE QueryInterface(REFIID id, void** object) noexcept override;

  /// The operation in an async result, if it is of that kind; otherwise null.
  static ComPtr<MmcssOperation> of(IRtwqAsyncResult& result, Kind kind) noexcept;

  DWORD task_id() const noexcept { return task_id_; }

 private:
  ~MmcssOperation() override = default;

  const Kind kind_;
  const DWORD task_id_;
};

}  // namespace stand_in
