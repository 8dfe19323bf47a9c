// arm() and arm_next() run on both threads; the header says where everything else runs.

#include "waiter/kept_period.h"

#include "base/clock.h"
#include "handles/waitable.h"
#include "waiter/pool.h"

#include <algorithm>
#include <cmath>

namespace rtworkq::waiter {

std::int64_t KeptPeriod::now() noexcept {
  return std::llround(clock::to_milliseconds(clock::now()) * kUnitsPerMillisecond);
}

Outcome KeptPeriod::start(std::int64_t set_at) {
  if (const Outcome created = waitable::create_own_timer(period_timer_); created.failed()) return created;
  const bool relative = setting_.due <= 0;
  if (relative) {
    first_due_ = set_at - setting_.due;
    periods_ = 1;
  }
  // With an absolute time, both timers are signaled at the first deadline, and on_signaled() notes when that is.
  if (relative ? !arm_next() : !arm(setting_.due)) return Outcome::last_error(Function::SetWaitableTimer);
  return Pool::alarms().place({ComPtr<Client>::share(*this), {period_timer_.get()}}, thread_);
}

void KeptPeriod::end() noexcept {
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  if (thread_) thread_->remove(*this);
}

bool KeptPeriod::arm(std::int64_t due) noexcept {
  LARGE_INTEGER time;
  time.QuadPart = due;
  return SetWaitableTimer(period_timer_.get(), &time, 0, nullptr, nullptr, setting_.resume) != 0;
}

bool KeptPeriod::arm_next() noexcept {
  return arm(-std::max<std::int64_t>(1, first_due_ + periods_ * setting_.period - now()));
}

Then KeptPeriod::on_signaled(std::size_t, std::int64_t) noexcept {
  const std::scoped_lock lock(mutex_);
  if (ended_) return Then::leave;
  const std::int64_t time = now();
  if (periods_ == 0) {
    first_due_ = time;
    periods_ = 1;
  } else if (time >= first_due_ + periods_ * setting_.period) {
    // Due immediately: signals the user's timer, or leaves it signaled if nothing has taken the last signal.
    LARGE_INTEGER now_due{};
    SetWaitableTimer(user_timer_, &now_due, 0, nullptr, nullptr, FALSE);
    // Missed periods are skipped.
    periods_ = (time - first_due_) / setting_.period + 1;
  }
  // A timer without high resolution may be early. If it was, this arms it for the remaining time.
  arm_next();
  return Then::keep;
}

Then KeptPeriod::on_failed(std::size_t, DWORD) noexcept {
  const std::scoped_lock lock(mutex_);
  period_timer_.forget_if_closed();
  return Then::leave;
}

void KeptPeriod::on_resume() noexcept {
  const std::scoped_lock lock(mutex_);
  // An absolute time needs no help.
  if (!ended_ && periods_ != 0) arm_next();
}

Outcome set_timer(HANDLE timer, KeptPeriodOwner& keeper, const TimerSetting& setting, bool& resumes) {
  keeper.reset();
  LARGE_INTEGER due;
  due.QuadPart = setting.due;
  const auto set = [&](LONG period) {
    // If the machine cannot be woken, SetWaitableTimer succeeds but sets ERROR_NOT_SUPPORTED.
    SetLastError(ERROR_SUCCESS);
    const BOOL done = SetWaitableTimer(timer, &due, period, nullptr, nullptr, setting.resume);
    resumes = setting.resume && GetLastError() != ERROR_NOT_SUPPORTED;
    return done != 0;
  };
  const bool whole = setting.period % kUnitsPerMillisecond == 0;
  if (whole && set(static_cast<LONG>(setting.period / kUnitsPerMillisecond))) return {};
  Outcome outcome = Outcome::last_error(Function::SetWaitableTimer);
  // Windows 10 version 1809 rejects periods for high-resolution timers.
  if (!whole || (setting.period != 0 && outcome.result == E_INVALIDARG)) {
    const std::int64_t set_at = KeptPeriod::now();
    auto period = make<KeptPeriod>(timer, setting);
    outcome = set(0) ? period->start(set_at) : Outcome::last_error(Function::SetWaitableTimer);
    if (!outcome.failed()) keeper.reset(std::move(period));
  }
  // The previous setting may have lost its period above, so cancel it.
  if (outcome.failed()) CancelWaitableTimer(timer);
  return outcome;
}

}  // namespace rtworkq::waiter
