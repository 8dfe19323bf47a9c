// Any number of work items that are put at once and reported once: one operation, one IRtwqAsyncCallback, and for each
// of them an async result of RTWorkQ's own. See operation.h for its state.
//
// Each callback takes the next place in the results, so they stand in the order in which the callbacks began. The last
// one that is over reports, or finds that the state has moved. A callback that finds it moved passes unheard.

#pragma once

#include "rtwq/api.h"
#include "rtwq/native_work.h"
#include "rtwq/operation.h"
#include "rtwq/results.h"
#include "rtwq/work_queue.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace rtworkq {

class WorkItems final : public ComOperation<IRtwqAsyncCallback> {
 public:
  /// `queue` runs the callbacks. `work`, where there is some, runs in each, and is told its place in the results.
  WorkItems(CompletionSink& sink, OperationId id, WorkQueue& queue, std::unique_ptr<const NativeWork> work,
            std::uint32_t count) noexcept;

  /// RtwqPutWorkItem for each. Once, on the JavaScript thread; callbacks run meanwhile, but it fires at the earliest
  /// when all have been put. Where one is refused, those that were put pass unheard once it has been stopped.
  Outcome put(LONG priority) noexcept;

  bool stop(State to) noexcept override;
  /// The results, which are the caller's then.
  Completion completion() noexcept override;
  void delivered(bool heard) noexcept override;

  HRESULT STDMETHODCALLTYPE GetParameters(DWORD* flags, DWORD* queue) noexcept override;
  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult* result) noexcept override;

 private:
  ~WorkItems() override = default;

  Outcome put_one(LONG priority) noexcept;
  /// That many shares are over: of callbacks, or of put(). The last of them ends the whole.
  void drop(std::uint32_t shares) noexcept;
  void end() noexcept;

  const DWORD queue_id_;
  const std::uint32_t count_;
  // All until the last callback is over, but for results that are reported.
  ComPtr<WorkQueue> queue_;
  std::unique_ptr<const NativeWork> work_;
  std::unique_ptr<Results> results_;
  // The JavaScript thread's: the shares of those that have not been put, and one of put() itself.
  std::uint32_t not_put_;
  // Written before the last share is dropped.
  bool refused_ = false;
  // How many callbacks have begun, and how many shares are over.
  std::atomic<std::uint32_t> begun_{0};
  std::atomic<std::uint32_t> over_{0};
};

}  // namespace rtworkq
