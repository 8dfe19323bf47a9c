// The one alarm of a JavaScript thread: a waitable timer of high resolution under RtwqPutWaitingWorkItem. lib/ sets it
// for the earliest of its timers. It never rings twice for one setting, and an earlier one takes the place of a later.

#pragma once

#include "rtwq/api.h"
#include "rtwq/handle.h"
#include "rtwq/operation.h"

#include <atomic>
#include <cstdint>

namespace rtworkq {

class Alarm final : public ComOperation<IRtwqAsyncCallback> {
 public:
  Alarm(CompletionSink& sink, OperationId id) noexcept : ComOperation(sink, id, Holds::platform) {}

  // On the JavaScript thread.

  /// Makes the timer, and the async result that serves for all waits.
  Outcome open() noexcept;
  /// Has it ring at a time, in milliseconds of the performance counter, and not at the one before.
  Outcome set(double due) noexcept;
  bool stop(State to) noexcept override;
  /// When it rang last.
  Completion completion() noexcept override;
  bool repeats() const noexcept override { return true; }

  HRESULT STDMETHODCALLTYPE GetParameters(DWORD* flags, DWORD* queue) noexcept override;
  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult* result) noexcept override;

 private:
  ~Alarm() override = default;

  // Open until the last wait for it is over.
  UniqueHandle timer_;
  // Each holds the other until stop().
  ComPtr<IRtwqAsyncResult> result_;
  RTWQWORKITEM_KEY key_ = 0;
  // Whether RTWorkQ has a wait that it has not called for yet.
  std::atomic<bool> waiting_{false};
  // The waits whose callback is not over.
  std::atomic<std::uint32_t> waits_{0};
  // Whether the sink has it on its list.
  std::atomic<bool> reported_{false};
  std::atomic<std::int64_t> rang_at_{0};
};

}  // namespace rtworkq
