// A work queue's part in MMCSS: its class, its task group, its priority. The groups are avrt.dll's. Any thread.

#pragma once

#include "rtworkq/async_result.h"

#include <memory>
#include <string>

namespace stand_in {

/// Membership in a task group, for as long as it lives.
class TaskGroup {
 public:
  /// As JoinTaskGroup of common/task_groups.h: where `id` is 0 it becomes the new group's. Gives a Win32 error code.
  static DWORD join(const wchar_t* task_class, DWORD& id, std::shared_ptr<TaskGroup>& group);

  explicit TaskGroup(DWORD id) noexcept : id_(id) {}
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  DWORD id() const noexcept { return id_; }

 private:
  const DWORD id_;
};

/// What a queue is registered as; without a group it is not.
struct Registration {
  std::wstring task_class;
  LONG priority = 0;
  std::shared_ptr<TaskGroup> group;
};

/// Joins the group; fails as RtwqBeginRegisterWorkQueueWithMMCSS does.
HRESULT register_with_mmcss(const wchar_t* task_class, DWORD task_id, LONG priority, Registration& registration);

inline constexpr LONG kMaxAvrtPriority = 2;  // and the least is its negative

/// The object of the async result that a registration's callback gets. Nobody else can make one.
class MmcssOperation final : public rtworkq::RefCounted<IUnknown> {
 public:
  enum class Kind { registration, unregistration };

  MmcssOperation(Kind kind, DWORD task_id) noexcept : kind_(kind), task_id_(task_id) {}

  HRESULT STDMETHODCALLTYPE QueryInterface(REFIID id, void** object) noexcept override;

  /// The operation that an async result is about, if it is about one of that kind.
  static ComPtr<MmcssOperation> of(IRtwqAsyncResult& result, Kind kind) noexcept;

  DWORD task_id() const noexcept { return task_id_; }

 private:
  ~MmcssOperation() override = default;

  const Kind kind_;
  const DWORD task_id_;
};

}  // namespace stand_in
