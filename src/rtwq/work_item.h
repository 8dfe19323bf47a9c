// One work item: the IRtwqAsyncCallback that RTWorkQ invokes, once. See operation.h for its state.
//
// Do not rely on RtwqCancelWorkItem's result: a callback may run after a cancel that returned S_OK, it may run twice,
// and it may never run.

#pragma once

#include "base/operation.h"
#include "handles/wait_target.h"
#include "rtwq/api.h"
#include "rtwq/native_work.h"
#include "rtwq/work_queue.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace rtworkq {

class WorkItem final : public ComOperation<IRtwqAsyncCallback> {
 public:
  /// `queue` runs the callback. `work` may be null; otherwise the callback runs it before the operation reports.
  WorkItem(CompletionSink& sink, OperationId id, Hold hold, WorkQueue& queue,
           std::unique_ptr<const NativeWork> work) noexcept;

  // Call one of these, once, on the JavaScript thread. The callback may run before it returns.

  /// RtwqScheduleWorkItem.
  ///
  /// RTWorkQ counts in ticks of the system clock and may call up to a tick early. The callback reads the performance
  /// counter and reschedules the item for the remaining time, unless that is less than a millisecond. Callbacks do not
  /// call RTWorkQ in any other case.
  Outcome schedule(std::int64_t milliseconds) noexcept;
  /// RtwqPutWorkItem. Reuses `result` if it is not null; otherwise creates it.
  Outcome put(LONG priority, ComPtr<IRtwqAsyncResult>& result) noexcept;
  /// RtwqPutWaitingWorkItem.
  Outcome wait(WaitTarget target, LONG priority) noexcept;
  /// RtwqInvokeCallback with the given status. `result` as in put().
  Outcome invoke(HRESULT status, ComPtr<IRtwqAsyncResult>& result) noexcept;

  /// Whether the callback is done, so that the item can be reused.
  bool returned() const noexcept { return returned_.load(std::memory_order_acquire); }
  /// Turns this into a new work item, to put or invoke. Only if returned() and it had no native work.
  void renew(OperationId id, Hold hold, WorkQueue& queue) noexcept;

  bool stop(State to) noexcept override;
  Completion completion() noexcept override { return {status_, fired_at_, 0}; }
  bool holds_signal() const noexcept override { return static_cast<bool>(target_); }
  void delivered(bool received) noexcept override;

  RTWQWORKITEM_KEY key() const noexcept { return key_.load(); }

  HRESULT STDMETHODCALLTYPE GetParameters(DWORD* flags, DWORD* queue) noexcept override;
  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult* result) noexcept override;

 private:
  ~WorkItem() override = default;

  const void* called_mark() const noexcept { return this; }
  Outcome create_result(ComPtr<IRtwqAsyncResult>& result, IUnknown* state = nullptr) noexcept;
  Outcome prepare_result(ComPtr<IRtwqAsyncResult>& result, HRESULT status) noexcept;
  HRESULT arm(IRtwqAsyncResult& result, double now, double milliseconds, RTWQWORKITEM_KEY& key) noexcept;
  void cancel(RTWQWORKITEM_KEY key) noexcept;
  bool arm_again(IRtwqAsyncResult& called, double now, double milliseconds) noexcept;

  DWORD queue_id_;
  // Both are held until the callback returns, or until the item is destroyed without one.
  ComPtr<WorkQueue> queue_;
  std::unique_ptr<const NativeWork> work_;
  // The state of the async result whose callback counts; called_mark() after that callback. Others do nothing: RTWorkQ
  // may run a callback twice. An item that is rescheduled gets a new result, whose state is the result before it.
  std::atomic<const void*> awaited_{nullptr};
  // The last thing that the callback sets.
  std::atomic<bool> returned_{false};
  // Written before RTWorkQ gets the item; held until the completion has been delivered, or never will be.
  WaitTarget target_;
  // Written by the callback that left pending; read after the item was taken off the sink's list.
  HRESULT status_ = S_OK;
  std::int64_t fired_at_ = 0;
  // In milliseconds of the performance counter: when a scheduled item is due, and when RTWorkQ was asked to call.
  // Written by the thread that calls RtwqScheduleWorkItem, before the call; read by the callback that follows.
  double due_ = 0;
  double armed_until_ = 0;
  int early_calls_ = 0;
  // The current key. The user sees the first one; rescheduling replaces it.
  std::atomic<RTWQWORKITEM_KEY> key_{0};
};

}  // namespace rtworkq
