// One work item: the IRtwqAsyncCallback that RTWorkQ invokes, once. See operation.h for its state.
//
// What RtwqCancelWorkItem says is no evidence: a callback may run after a cancel that said S_OK, it may run twice, and
// it may never run.

#pragma once

#include "rtwq/api.h"
#include "rtwq/native_work.h"
#include "rtwq/operation.h"
#include "rtwq/waitable.h"
#include "rtwq/work_queue.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace rtworkq {

class WorkItem final : public ComOperation<IRtwqAsyncCallback> {
 public:
  /// `queue` runs the callback. `work`, where there is some, runs in it, before the operation is reported.
  WorkItem(CompletionSink& sink, OperationId id, WorkQueue& queue, std::unique_ptr<const NativeWork> work) noexcept;

  // One of these, once, on the JavaScript thread. The callback may run before the function returns.

  /// RtwqScheduleWorkItem.
  ///
  /// RTWorkQ counts in ticks of the system's clock and may call up to a tick early. The callback looks at the
  /// performance counter and schedules the item again for what is left, unless that is less than a millisecond. It is
  /// the only case in which the callback calls RTWorkQ.
  Outcome schedule(std::int64_t milliseconds) noexcept;
  /// RtwqPutWorkItem, with the async result of the last time where there is one.
  Outcome put(LONG priority, ComPtr<IRtwqAsyncResult>& result) noexcept;
  /// RtwqPutWaitingWorkItem.
  Outcome wait(WaitTarget target, LONG priority) noexcept;
  /// RtwqInvokeCallback, with a status of the caller's choice; `result` as with put().
  Outcome invoke(HRESULT status, ComPtr<IRtwqAsyncResult>& result) noexcept;

  /// Whether the callback has returned: RTWorkQ has no more to do with it.
  bool returned() const noexcept { return returned_.load(std::memory_order_acquire); }
  /// Makes it another work item, to put or invoke as it was before. It has returned, and had no native work.
  void renew(OperationId id, WorkQueue& queue) noexcept;

  bool stop(State to) noexcept override;
  Completion completion() noexcept override { return {status_, fired_at_, 0}; }
  bool has_taken() const noexcept override { return static_cast<bool>(target_); }
  void delivered(bool heard) noexcept override;

  RTWQWORKITEM_KEY key() const noexcept { return key_.load(); }

  HRESULT STDMETHODCALLTYPE GetParameters(DWORD* flags, DWORD* queue) noexcept override;
  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult* result) noexcept override;

 private:
  ~WorkItem() override = default;

  Outcome create_result(ComPtr<IRtwqAsyncResult>& result) noexcept;
  Outcome prepare_result(ComPtr<IRtwqAsyncResult>& result, HRESULT status) noexcept;
  HRESULT arm(IRtwqAsyncResult& result, double now, double milliseconds, RTWQWORKITEM_KEY& key) noexcept;
  bool arm_again(IRtwqAsyncResult& result, double now, double milliseconds) noexcept;

  DWORD queue_id_;
  // Both until the callback is over, or never comes.
  ComPtr<WorkQueue> queue_;
  std::unique_ptr<const NativeWork> work_;
  // Only the first callback that is not early counts.
  std::atomic<bool> called_{false};
  // The callback's last act.
  std::atomic<bool> returned_{false};
  // Written before RTWorkQ hears of the item; until nobody can hear of it any more, or has.
  WaitTarget target_;
  // Written by the callback that left pending, read after the sink's list has handed the item over.
  HRESULT status_ = S_OK;
  std::int64_t fired_at_ = 0;
  // In milliseconds of the performance counter: when a scheduled item is due, and until when RTWorkQ has been told to
  // wait. Written before each RtwqScheduleWorkItem by the thread that calls it, read by the callback that follows.
  double due_ = 0;
  double armed_until_ = 0;
  int early_calls_ = 0;
  // The key of the schedule in force: the first one is what the user sees, later ones come from scheduling again.
  std::atomic<RTWQWORKITEM_KEY> key_{0};
};

}  // namespace rtworkq
