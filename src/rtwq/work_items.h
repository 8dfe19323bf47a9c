// Work items that are put together and report once: one operation and one IRtwqAsyncCallback, with an RTWorkQ async
// result for each item. See operation.h for its state.
//
// Each callback takes the next index in the results, so they are in the order in which the callbacks started. The last
// callback to finish reports, unless the operation was stopped. After a stop, callbacks only count down.

#pragma once

#include "base/operation.h"
#include "base/results.h"
#include "rtwq/api.h"
#include "rtwq/native_work.h"
#include "rtwq/work_queue.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace rtworkq {

class WorkItems final : public ComOperation<IRtwqAsyncCallback> {
 public:
  /// `queue` runs the callbacks. `work` may be null; otherwise each callback runs it and passes its index in the
  /// results.
  WorkItems(CompletionSink& sink, OperationId id, WorkQueue& queue, std::unique_ptr<const NativeWork> work,
            std::uint32_t count) noexcept;

  /// RtwqPutWorkItem for each item. Call it once, on the JavaScript thread. Callbacks may run meanwhile, but the
  /// operation does not fire before all items have been put. If this fails, call stop(): items already put then do
  /// nothing.
  Outcome put(LONG priority) noexcept;

  bool stop(State to) noexcept override;
  /// Transfers the results to the caller.
  Completion completion() noexcept override;
  void delivered(bool received) noexcept override;

  HRESULT STDMETHODCALLTYPE GetParameters(DWORD* flags, DWORD* queue) noexcept override;
  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult* result) noexcept override;

 private:
  ~WorkItems() override = default;

  Outcome put_one(LONG priority) noexcept;
  /// Counts shares as done: one per callback, plus those of put(). The last one calls end().
  void drop_shares(std::uint32_t shares) noexcept;
  void end() noexcept;

  const DWORD queue_id_;
  const std::uint32_t count_;
  // All held until the last callback returns, except for results that were reported. If a put failed, until the object
  // is destroyed.
  ComPtr<WorkQueue> queue_;
  std::unique_ptr<const NativeWork> work_;
  std::unique_ptr<Results> results_;
  // JavaScript thread only: one share for each item not put yet, plus one for put() itself.
  std::uint32_t put_shares_;
  // Written before the last share is done.
  bool put_failed_ = false;
  // How many callbacks have started, and how many shares are done.
  std::atomic<std::uint32_t> begun_{0};
  std::atomic<std::uint32_t> shares_done_{0};
};

}  // namespace rtworkq
