// One operation given to RTWorkQ: the IRtwqAsyncCallback that it invokes, with one atomic state that decides who
// settles the operation.
//
//   pending --> fired      by the callback, on one of RTWorkQ's threads
//           --> cancelled  by the JavaScript thread that made it
//           --> closed     by that thread's shutdown or end
//
// Whoever moves the state out of `pending` settles the operation, once. What RtwqCancelWorkItem says is no evidence: a
// callback may run after a cancel that said S_OK, it may run twice, and it may never run.
//
// References: the environment holds one while the operation is unsettled, RTWorkQ holds others for as long as it likes.

#pragma once

#include "rtwq/api.h"
#include "rtwq/com.h"

#include <atomic>
#include <cstdint>

namespace rtworkq {

class WorkItem;

/// Where work items report. Reference-counted, because an item may outlive the environment that made it.
class CompletionSink {
 public:
  virtual ULONG STDMETHODCALLTYPE AddRef() noexcept = 0;
  virtual ULONG STDMETHODCALLTYPE Release() noexcept = 0;

  /// On an RTWorkQ thread, inside Invoke: never blocks, never throws. The item stays alive until it returns.
  virtual void on_fired(WorkItem& item) noexcept = 0;
  /// On any thread: an item was made, an item was destroyed.
  virtual void on_made() noexcept = 0;
  virtual void on_destroyed() noexcept = 0;

 protected:
  ~CompletionSink() = default;
};

class WorkItem final : public ComObject<IRtwqAsyncCallback> {
 public:
  enum class State : std::uint8_t { pending, fired, cancelled, closed };

  /// `slot` is the environment's name for the operation, `queue` the id of the work queue that runs the callback.
  WorkItem(CompletionSink& sink, std::uint32_t slot, DWORD queue) noexcept;

  /// RtwqScheduleWorkItem. The callback may run before this returns. JavaScript thread.
  ///
  /// RTWorkQ counts in ticks of the system's clock and may call up to a tick early. The callback looks at the
  /// performance counter and schedules the item again for what is left, unless that is less than a millisecond. It is
  /// the only case in which the callback calls RTWorkQ.
  Outcome schedule(std::int64_t milliseconds) noexcept;

  /// RtwqPutWorkItem. The callback may run before this returns. JavaScript thread.
  Outcome put(LONG priority) noexcept;

  /// Moves the state from pending to `to`, and takes the item out of RTWorkQ where that is possible. True when this
  /// call is what settled the operation. JavaScript thread.
  bool stop(State to) noexcept;

  std::uint32_t slot() const noexcept { return slot_; }
  RTWQWORKITEM_KEY key() const noexcept { return key_.load(); }

  /// Once fired: the HRESULT that the async result carried, and the performance counter at the callback's start.
  HRESULT status() const noexcept { return status_; }
  std::int64_t fired_at() const noexcept { return fired_at_; }

  /// Links the sink's list of fired items; nobody else's.
  WorkItem* next = nullptr;

  HRESULT STDMETHODCALLTYPE GetParameters(DWORD* flags, DWORD* queue) noexcept override;
  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult* result) noexcept override;

 private:
  ~WorkItem() override;

  bool leave_pending(State to) noexcept;
  Outcome create_result(ComPtr<IRtwqAsyncResult>& result) noexcept;
  HRESULT arm(IRtwqAsyncResult& result, double milliseconds, RTWQWORKITEM_KEY& key) noexcept;
  bool arm_again(IRtwqAsyncResult& result, double now, double milliseconds) noexcept;

  const ComPtr<CompletionSink> sink_;
  const std::uint32_t slot_;
  const DWORD queue_;
  std::atomic<State> state_{State::pending};
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
