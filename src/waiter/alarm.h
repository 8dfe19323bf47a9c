// A JavaScript thread's one alarm: a high-resolution waitable timer on the pool of alarms. lib/ sets it for its
// earliest timer; a new setting replaces the old one. With a period it re-arms itself, so a thread with a single
// interval does not have to set it each time.

#pragma once

#include "base/handle.h"
#include "base/outcome.h"
#include "waiter/client_operation.h"
#include "waiter/thread.h"

#include <atomic>
#include <cstdint>
#include <mutex>

namespace rtworkq::waiter {

class Alarm final : public RefCounted<ClientOperation> {
 public:
  Alarm(CompletionSink& sink, OperationId id) noexcept : RefCounted(sink, id, Hold::nothing) {}

  // JavaScript thread.

  /// Creates the timer, and has a thread wait for it.
  Outcome open();
  /// Rings at `due`, then every `period` unless that is 0. Both in milliseconds of the performance counter. Does not
  /// wake the thread that waits.
  Outcome set(double due, double period) noexcept;
  bool stop(State to) noexcept override;
  /// When it last rang; the value is when it rings next, or 0. The status is how long before that it first rang, since
  /// the last completion, in microseconds.
  Completion completion() noexcept override;
  bool repeats() const noexcept override { return true; }

  // The alarm's thread.

  Then on_signaled(std::size_t index, std::int64_t now) noexcept override;
  Then on_failed(std::size_t index, DWORD error) noexcept override;
  void on_resume() noexcept override;

 private:
  ~Alarm() override = default;

  Outcome arm(double now) noexcept;
  bool ring(std::int64_t now) noexcept;
  void report_once() noexcept;

  UniqueHandle timer_;
  ComPtr<Thread> thread_;
  // Whether the alarm is on the sink's list.
  std::atomic<bool> reported_{false};

  // Guards what follows. Held for microseconds, while one of the two threads sets the timer.
  std::mutex mutex_;
  double due_ = 0;
  double period_ = 0;
  bool armed_ = false;
  // When it first and last rang since the last completion.
  std::int64_t first_rang_at_ = 0;
  std::int64_t rang_at_ = 0;
};

}  // namespace rtworkq::waiter
