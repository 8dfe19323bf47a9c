// The Multimedia Class Scheduler Service: task groups for work queues (RTWorkQ) and for threads (avrt.dll). JavaScript
// threads, except for callbacks.

#pragma once

#include "base/operation.h"
#include "rtwq/api.h"
#include "rtwq/work_queue.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace rtworkq {

/// A pending registration or unregistration of a queue.
class MmcssChange final : public ComOperation<IRtwqAsyncCallback> {
 public:
  MmcssChange(CompletionSink& sink, OperationId id, ComPtr<WorkQueue> queue) noexcept
      : ComOperation(sink, id, Hold::other), queue_(std::move(queue)) {}

  // Call one of these, once, on the JavaScript thread.

  /// RtwqBeginRegisterWorkQueueWithMMCSS.
  Outcome begin_register(const wchar_t* usage_class, DWORD task, LONG priority) noexcept;
  /// RtwqBeginUnregisterWorkQueueWithMMCSS.
  Outcome begin_unregister() noexcept;

  bool stop(State to) noexcept override { return leave_pending(to); }
  /// The value is the task id that the registration returned.
  Completion completion() noexcept override { return {status_, fired_at_, static_cast<double>(task_)}; }

  HRESULT STDMETHODCALLTYPE GetParameters(DWORD* flags, DWORD* queue) noexcept override;
  /// On an RTWorkQ thread. Calls the matching End function.
  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult* result) noexcept override;

 private:
  ~MmcssChange() override = default;

  ComPtr<WorkQueue> queue_;  // until the callback returns
  bool registers_ = false;
  std::atomic<bool> called_{false};  // only the first callback counts
  HRESULT status_ = S_OK;
  std::int64_t fired_at_ = 0;
  DWORD task_ = 0;
};

/// A queue's registration; the class is empty if it has none.
struct MmcssRegistration {
  std::wstring usage_class;
  DWORD task = 0;
  LONG priority = 0;
};

Outcome mmcss_registration(DWORD queue, MmcssRegistration& registration);

/// The class names in the registry; empty if it cannot be read.
std::vector<std::wstring> mmcss_classes();

/// The calling thread's membership in a task group. Create and destroy it on that thread.
class ThreadTask {
 public:
  ThreadTask() noexcept = default;
  ThreadTask(ThreadTask&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  ThreadTask& operator=(ThreadTask&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~ThreadTask() { unregister(); }

  /// AvSetMmThreadCharacteristicsW, then AvSetMmThreadPriority. `task` is in and out.
  static Outcome make(const wchar_t* usage_class, DWORD& task, LONG priority, ThreadTask& made);

  /// AvRevertMmThreadCharacteristics.
  Outcome unregister() noexcept;

 private:
  HANDLE handle_ = nullptr;
};

/// The MMCSS registration of the queues that every process has. JavaScript threads, while the platform is up.
class PlatformTask {
 public:
  PlatformTask() noexcept = default;
  PlatformTask(const PlatformTask&) = delete;
  PlatformTask& operator=(const PlatformTask&) = delete;
  ~PlatformTask() { unregister(); }

  /// RtwqRegisterPlatformWithMMCSS; replaces an earlier registration. `task` is in and out.
  Outcome register_as(const wchar_t* usage_class, DWORD& task, LONG priority) noexcept;

  /// RtwqUnregisterPlatformFromMMCSS.
  Outcome unregister() noexcept;

 private:
  bool registered_ = false;
};

}  // namespace rtworkq
