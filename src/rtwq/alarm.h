// The one alarm of a JavaScript thread: a waitable timer of high resolution under RtwqPutWaitingWorkItem. lib/ sets it
// for the earliest of its timers; each setting takes the place of the one before. With a period it goes on by itself,
// so that a thread with one interval need not set it again each time.

#pragma once

#include "rtwq/api.h"
#include "rtwq/handle.h"
#include "rtwq/operation.h"

#include <atomic>
#include <cstdint>
#include <mutex>

namespace rtworkq {

class Alarm final : public ComOperation<IRtwqAsyncCallback> {
 public:
  Alarm(CompletionSink& sink, OperationId id) noexcept : ComOperation(sink, id, Holds::platform) {}

  // On the JavaScript thread.

  /// Makes the timer, and the async result that serves for all waits.
  Outcome open() noexcept;
  /// Has it ring at a time, and with a period again at that many periods after it. In milliseconds of the performance
  /// counter.
  Outcome set(double due, double period) noexcept;
  bool stop(State to) noexcept override;
  /// When it rang last; the value is when it will ring next, 0 where it will not.
  Completion completion() noexcept override;
  bool repeats() const noexcept override { return true; }

  HRESULT STDMETHODCALLTYPE GetParameters(DWORD* flags, DWORD* queue) noexcept override;
  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult* result) noexcept override;

 private:
  ~Alarm() override = default;

  Outcome arm() noexcept;
  void ring(std::int64_t now) noexcept;

  // Open until the last wait for it is over.
  UniqueHandle timer_;
  // The waits whose callback is not over.
  std::atomic<std::uint32_t> waits_{0};
  // Whether the sink has it on its list.
  std::atomic<bool> reported_{false};

  // Held for microseconds: by the JavaScript thread while it sets or stops the alarm, by a callback while it sets it
  // again. All that follows is used under it.
  std::mutex mutex_;
  // Each holds the other until stop().
  ComPtr<IRtwqAsyncResult> result_;
  RTWQWORKITEM_KEY key_ = 0;
  double due_ = 0;
  double period_ = 0;
  // Whether RTWorkQ has a wait that it has not called for yet.
  bool waiting_ = false;
  std::int64_t rang_at_ = 0;
};

}  // namespace rtworkq
