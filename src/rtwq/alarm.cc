// GetParameters and Invoke run on RTWorkQ's threads, Release on any thread, the rest on the JavaScript thread that made
// the alarm.

#include "rtwq/alarm.h"

#include "rtwq/clock.h"
#include "rtwq/kept_period.h"
#include "rtwq/waitable.h"
#include "rtwq/work_queue.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rtworkq {
namespace {

// 24 days. lib/ sets it again for what is later.
constexpr double kLongestMs = 2'147'483'647;

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
  const double left = std::min(due_ - clock::to_milliseconds(clock::now()), kLongestMs);
  LARGE_INTEGER delay;
  // At once is one unit: 0 would be a time of the system's clock.
  delay.QuadPart = -static_cast<LONGLONG>(std::max(1.0, std::ceil(left * kUnitsPerMillisecond)));
  if (!SetWaitableTimer(timer_.get(), &delay, 0, nullptr, nullptr, FALSE)) {
    return Outcome::last_error(Function::SetWaitableTimer);
  }
  // A callback that is about to come for the setting before is heard of, and lib/ sets the alarm again then.
  if (waiting_) return {};
  waits_.fetch_add(1);
  // The same result for each wait, as soon as the callback for the one before has begun.
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
    // ring() does not set it any more, so the key stays that of the last wait.
    const std::scoped_lock lock(mutex_);
    waiting = waiting_;
    result = std::move(result_);
  }
  // Not under the lock, which a callback under way may wait for.
  if (waiting) api().RtwqCancelWorkItem(key_);
  result.reset();
  // Otherwise the last callback does it, or the end of RTWorkQ's last reference.
  if (waits_.load() == 0) let_go();
  return true;
}

Completion Alarm::completion() noexcept {
  // First: what rings from here on is reported again.
  reported_.store(false);
  const std::scoped_lock lock(mutex_);
  return {S_OK, rang_at_, waiting_ ? due_ : 0};
}

HRESULT Alarm::GetParameters(DWORD* flags, DWORD* queue) noexcept {
  // Not the standard queue, where the work of others may take its time.
  return answer_parameters(kMultithreadedQueue, flags, queue);
}

HRESULT Alarm::Invoke(IRtwqAsyncResult*) noexcept {
  ring(clock::now());
  if (pending() && !reported_.exchange(true)) report();
  if (waits_.fetch_sub(1) == 1 && !pending()) let_go();
  return S_OK;
}

void Alarm::ring(std::int64_t now) noexcept {
  const std::scoped_lock lock(mutex_);
  waiting_ = false;
  rang_at_ = now;
  if (period_ == 0 || !pending()) return;
  // What has gone by is not made up for.
  const double gone = clock::to_milliseconds(now) - due_;
  if (gone >= 0) due_ += (std::floor(gone / period_) + 1) * period_;
  // Where RTWorkQ refuses, lib/ hears that it will not ring again, and sets it for itself.
  arm();
}

}  // namespace rtworkq
