// The JavaScript thread's one alarm: a high-resolution waitable timer, waited for with RtwqPutWaitingWorkItem. lib/
// sets it for its earliest timer; a new setting replaces the old one. With a period it re-arms itself, so a thread with
// a single interval does not have to set it each time.

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

  // JavaScript thread.

  /// Creates the timer, and the async result that all waits use.
  Outcome open() noexcept;
  /// Rings at `due`, then every `period` unless that is 0. Both in milliseconds of the performance counter.
  Outcome set(double due, double period) noexcept;
  bool stop(State to) noexcept override;
  /// When it last rang; the value is when it rings next, or 0.
  Completion completion() noexcept override;
  bool repeats() const noexcept override { return true; }

  HRESULT STDMETHODCALLTYPE GetParameters(DWORD* flags, DWORD* queue) noexcept override;
  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult* result) noexcept override;

 private:
  ~Alarm() override = default;

  Outcome arm() noexcept;
  void ring(std::int64_t now) noexcept;

  // Stays open until the last wait for it has ended.
  UniqueHandle timer_;
  // Waits whose callback has not returned.
  std::atomic<std::uint32_t> waits_{0};
  // Whether the alarm is on the sink's list.
  std::atomic<bool> reported_{false};

  // Guards everything below. Held for microseconds: by the JavaScript thread while it sets or stops the alarm, and by a
  // callback while it re-arms it.
  std::mutex mutex_;
  // The alarm and its result hold each other until stop().
  ComPtr<IRtwqAsyncResult> result_;
  RTWQWORKITEM_KEY key_ = 0;
  double due_ = 0;
  double period_ = 0;
  // Whether RTWorkQ has a wait whose callback has not started.
  bool waiting_ = false;
  std::int64_t rang_at_ = 0;
};

}  // namespace rtworkq
