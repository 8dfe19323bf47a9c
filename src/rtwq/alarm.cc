// GetParameters, Invoke and ring run on RTWorkQ's threads, arm on those and the JavaScript thread, Release on any
// thread; everything else runs on the JavaScript thread that made the alarm.

#include "rtwq/alarm.h"

#include "rtwq/clock.h"
#include "rtwq/emulated_period.h"
#include "rtwq/waitable.h"
#include "rtwq/work_queue.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rtworkq {
namespace {

// 24 days. For later times, lib/ sets the alarm again.
constexpr double kMaxDelayMs = 2'147'483'647;

}  // namespace

Outcome Alarm::open() noexcept {
  bool high_resolution = true;
  waitable::Origin origin{};
  if (const Outcome made = waitable::create_timer(nullptr, false, timer_, origin, high_resolution); made.failed()) {
    return made;
  }
  return {api().RtwqCreateAsyncResult(nullptr, this, nullptr, result_.put()), Function::RtwqCreateAsyncResult};
}

Outcome Alarm::set(double due, double period) noexcept {
  const std::scoped_lock lock(mutex_);
  due_ = due;
  period_ = period;
  return arm();
}

Outcome Alarm::arm() noexcept {
  const double left = std::min(due_ - clock::to_milliseconds(clock::now()), kMaxDelayMs);
  LARGE_INTEGER delay;
  // Relative times are negative; 0 would be an absolute time. So "now" is one unit of 100 ns.
  delay.QuadPart = -static_cast<LONGLONG>(std::max(1.0, std::ceil(left * kUnitsPerMillisecond)));
  if (!SetWaitableTimer(timer_.get(), &delay, 0, nullptr, nullptr, FALSE)) {
    return Outcome::last_error(Function::SetWaitableTimer);
  }
  // If a callback for the previous setting is about to run, it still reports, and lib/ then sets the alarm again.
  if (waiting_) return {};
  waits_.fetch_add(1);
  // One result serves every wait: it is free again once the previous wait's callback has started.
  const HRESULT put = api().RtwqPutWaitingWorkItem(timer_.get(), 0, result_.get(), &key_);
  waiting_ = SUCCEEDED(put);
  if (!waiting_) waits_.fetch_sub(1);
  return {put, Function::RtwqPutWaitingWorkItem};
}

bool Alarm::stop(State to) noexcept {
  if (!leave_pending(to)) return false;
  ComPtr<IRtwqAsyncResult> result;
  bool waiting = false;
  {
    // ring() no longer arms the timer, so key_ stays the last wait's key.
    const std::scoped_lock lock(mutex_);
    waiting = waiting_;
    result = std::move(result_);
  }
  // Not under the lock: a running callback may be waiting for it.
  if (waiting) api().RtwqCancelWorkItem(key_);
  result.reset();
  // Otherwise the last callback releases the hold, or the destructor does.
  if (waits_.load() == 0) release_hold();
  return true;
}

Completion Alarm::completion() noexcept {
  // Before reading, so that a later ring is reported again.
  reported_.store(false);
  const std::scoped_lock lock(mutex_);
  return {S_OK, rang_at_, waiting_ ? due_ : 0};
}

HRESULT Alarm::GetParameters(DWORD* flags, DWORD* queue) noexcept {
  // Not the standard queue: other code's items there could delay the alarm.
  return answer_parameters(kMultithreadedQueue, flags, queue);
}

HRESULT Alarm::Invoke(IRtwqAsyncResult*) noexcept {
  ring(clock::now());
  if (pending() && !reported_.exchange(true)) report();
  if (waits_.fetch_sub(1) == 1 && !pending()) release_hold();
  return S_OK;
}

void Alarm::ring(std::int64_t now) noexcept {
  const std::scoped_lock lock(mutex_);
  waiting_ = false;
  rang_at_ = now;
  if (period_ == 0 || !pending()) return;
  // Missed periods are skipped.
  const double elapsed = clock::to_milliseconds(now) - due_;
  if (elapsed >= 0) due_ += (std::floor(elapsed / period_) + 1) * period_;
  // If this fails, the completion says that the alarm will not ring again, and lib/ sets it itself.
  arm();
}

}  // namespace rtworkq
