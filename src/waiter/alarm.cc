// arm() runs on both threads; the header says where everything else runs.

#include "waiter/alarm.h"

#include "base/clock.h"
#include "handles/waitable.h"
#include "waiter/pool.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rtworkq::waiter {
namespace {

// Half an hour: all that an HRESULT holds.
constexpr double kLongestMicroseconds = 2'147'483'647;

}  // namespace

Outcome Alarm::open() {
  if (const Outcome made = waitable::create_own_timer(timer_); made.failed()) return made;
  return Pool::alarms().place({ComPtr<Client>::share(*this), {timer_.get()}}, thread_);
}

Outcome Alarm::set(double due, double period) noexcept {
  const std::scoped_lock lock(mutex_);
  due_ = due;
  period_ = period;
  return arm(clock::to_milliseconds(clock::now()));
}

Outcome Alarm::arm(double now) noexcept {
  // A time that is too far away for the timer is set again when it rings.
  armed_ = waitable::set_after(timer_.get(), due_ - now);
  return armed_ ? Outcome{} : Outcome::last_error(Function::SetWaitableTimer);
}

bool Alarm::stop(State to) noexcept {
  if (!leave_pending(to)) return false;
  if (thread_) thread_->remove(*this);
  return true;
}

Completion Alarm::completion() noexcept {
  // Before reading, so that a later ring is reported again.
  reported_.store(false);
  const std::scoped_lock lock(mutex_);
  const std::int64_t first = std::exchange(first_rang_at_, 0);
  const double between = first == 0 ? 0 : clock::to_milliseconds(rang_at_ - first) * 1'000;
  return {static_cast<HRESULT>(std::min(between, kLongestMicroseconds)), rang_at_, armed_ ? due_ : 0};
}

Then Alarm::on_signaled(std::size_t, std::int64_t now) noexcept {
  if (ring(now)) report_once();
  return Then::keep;
}

void Alarm::report_once() noexcept {
  if (pending() && !reported_.exchange(true)) report();
}

/// False if the alarm is not due: Windows was early, or the alarm has just been set again.
bool Alarm::ring(std::int64_t now) noexcept {
  const std::scoped_lock lock(mutex_);
  const double time = clock::to_milliseconds(now);
  if (armed_ && time < due_ && !arm(time).failed()) return false;
  armed_ = false;
  rang_at_ = now;
  if (first_rang_at_ == 0) first_rang_at_ = now;
  if (period_ > 0) {
    // Missed periods are skipped.
    due_ += (std::floor(std::max(0.0, time - due_) / period_) + 1) * period_;
    // If this fails, the completion says that the alarm will not ring again, and lib/ sets it itself.
    arm(time);
  }
  return true;
}

Then Alarm::on_failed(std::size_t, DWORD) noexcept {
  // Other code has closed the timer's handle. lib/ finds that the alarm does not ring again, and that it cannot be set.
  {
    const std::scoped_lock lock(mutex_);
    armed_ = false;
    timer_.forget_if_closed();
  }
  report_once();
  return Then::leave;
}

void Alarm::on_resume() noexcept {
  const std::scoped_lock lock(mutex_);
  if (armed_) arm(clock::to_milliseconds(clock::now()));
}

}  // namespace rtworkq::waiter
