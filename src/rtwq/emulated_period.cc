// on_timer and on_due run on Windows' thread pool, one at a time; start and the destructor on the JavaScript thread;
// now, arm and arm_next on both.

#include "rtwq/emulated_period.h"

#include "rtwq/clock.h"
#include "rtwq/waitable.h"

#include <algorithm>
#include <cmath>

namespace rtworkq {

std::int64_t EmulatedPeriod::now() noexcept {
  return std::llround(clock::to_milliseconds(clock::now()) * kUnitsPerMillisecond);
}

Outcome EmulatedPeriod::start(HANDLE timer, const TimerSetting& setting, std::int64_t set_at,
                              std::unique_ptr<EmulatedPeriod>& period) {
  std::unique_ptr<EmulatedPeriod> made(new EmulatedPeriod(timer, setting));
  bool high_resolution = true;
  waitable::Origin origin{};
  const Outcome created = waitable::create_timer(nullptr, false, made->period_timer_, origin, high_resolution);
  if (created.failed()) return created;
  made->wait_ = CreateThreadpoolWait(on_timer, made.get(), nullptr);
  if (!made->wait_) return Outcome::last_error(Function::SetWaitableTimer);
  const bool relative = setting.due <= 0;
  if (relative) {
    made->first_due_ = set_at - setting.due;
    made->periods_ = 1;
  }
  // With an absolute time, both timers are signaled at the first deadline, and on_due() notes when that is.
  if (relative ? !made->arm_next() : !made->arm(setting.due)) return Outcome::last_error(Function::SetWaitableTimer);
  SetThreadpoolWait(made->wait_, made->period_timer_.get(), nullptr);
  period = std::move(made);
  return {};
}

EmulatedPeriod::~EmulatedPeriod() {
  if (!wait_) return;
  ending_.store(true);
  // A callback that is running may already have started the next wait. No later one can.
  WaitForThreadpoolWaitCallbacks(wait_, TRUE);
  SetThreadpoolWait(wait_, nullptr, nullptr);
  WaitForThreadpoolWaitCallbacks(wait_, TRUE);
  CloseThreadpoolWait(wait_);
}

bool EmulatedPeriod::arm(std::int64_t due) noexcept {
  LARGE_INTEGER time;
  time.QuadPart = due;
  return SetWaitableTimer(period_timer_.get(), &time, 0, nullptr, nullptr, setting_.resume) != 0;
}

bool EmulatedPeriod::arm_next() noexcept {
  return arm(-std::max<std::int64_t>(1, first_due_ + periods_ * setting_.period - now()));
}

void CALLBACK EmulatedPeriod::on_timer(PTP_CALLBACK_INSTANCE, void* context, PTP_WAIT, TP_WAIT_RESULT) {
  static_cast<EmulatedPeriod*>(context)->on_due();
}

void EmulatedPeriod::on_due() noexcept {
  if (ending_.load()) return;
  const std::int64_t time = now();
  if (periods_ == 0) {
    first_due_ = time;
    periods_ = 1;
  } else if (time >= first_due_ + periods_ * setting_.period) {
    // Due immediately: signals the user's timer, or leaves it signaled if nothing has consumed the last signal.
    LARGE_INTEGER now_due{};
    SetWaitableTimer(user_timer_, &now_due, 0, nullptr, nullptr, FALSE);
    // Missed periods are skipped.
    periods_ = (time - first_due_) / setting_.period + 1;
  }
  // A timer without high resolution may be early. If it was, this arms it for the remaining time.
  arm_next();
  if (!ending_.load()) SetThreadpoolWait(wait_, period_timer_.get(), nullptr);
}

}  // namespace rtworkq
