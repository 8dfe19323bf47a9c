// beat, on_beat and arm run on threads of the system's pool, one at a time; the rest on the JavaScript thread.

#include "rtwq/kept_period.h"

#include "rtwq/clock.h"
#include "rtwq/waitable.h"

#include <algorithm>
#include <cmath>

namespace rtworkq {

std::int64_t KeptPeriod::now() noexcept {
  return std::llround(clock::to_milliseconds(clock::now()) * kUnitsPerMillisecond);
}

Outcome KeptPeriod::start(HANDLE timer, const TimerSetting& setting, std::int64_t set_at,
                          std::unique_ptr<KeptPeriod>& period) {
  std::unique_ptr<KeptPeriod> made(new KeptPeriod(timer, setting));
  bool high_resolution = true;
  waitable::Origin origin{};
  const Outcome created = waitable::create_timer(nullptr, false, made->clock_, origin, high_resolution);
  if (created.failed()) return created;
  made->wait_ = CreateThreadpoolWait(beat, made.get(), nullptr);
  if (!made->wait_) return Outcome::last_error(Function::SetWaitableTimer);
  const bool relative = setting.due <= 0;
  if (relative) {
    made->first_ = set_at - setting.due;
    made->beats_ = 1;
  }
  // By the system's clock, the first deadline is where both timers become signaled.
  if (relative ? !made->arm_for_next() : !made->arm(setting.due))
    return Outcome::last_error(Function::SetWaitableTimer);
  SetThreadpoolWait(made->wait_, made->clock_.get(), nullptr);
  period = std::move(made);
  return {};
}

KeptPeriod::~KeptPeriod() {
  if (!wait_) return;
  ending_.store(true);
  // A beat under way may have begun the next wait before it could see that. None does afterwards.
  WaitForThreadpoolWaitCallbacks(wait_, TRUE);
  SetThreadpoolWait(wait_, nullptr, nullptr);
  WaitForThreadpoolWaitCallbacks(wait_, TRUE);
  CloseThreadpoolWait(wait_);
}

bool KeptPeriod::arm(std::int64_t due) noexcept {
  LARGE_INTEGER time;
  time.QuadPart = due;
  return SetWaitableTimer(clock_.get(), &time, 0, nullptr, nullptr, setting_.resume) != 0;
}

bool KeptPeriod::arm_for_next() noexcept {
  return arm(-std::max<std::int64_t>(1, first_ + beats_ * setting_.period - now()));
}

void CALLBACK KeptPeriod::beat(PTP_CALLBACK_INSTANCE, void* context, PTP_WAIT, TP_WAIT_RESULT) {
  static_cast<KeptPeriod*>(context)->on_beat();
}

void KeptPeriod::on_beat() noexcept {
  if (ending_.load()) return;
  const std::int64_t time = now();
  if (beats_ == 0) {
    first_ = time;
    beats_ = 1;
  } else if (time >= first_ + beats_ * setting_.period) {
    // At once: it becomes signaled, or stays so where nobody has taken the last signal.
    LARGE_INTEGER at_once{};
    SetWaitableTimer(timer_, &at_once, 0, nullptr, nullptr, FALSE);
    // What has been missed is not made up for.
    beats_ = (time - first_) / setting_.period + 1;
  }
  // Too early is what a timer without high resolution may be; then it is set for the rest.
  arm_for_next();
  if (!ending_.load()) SetThreadpoolWait(wait_, clock_.get(), nullptr);
}

}  // namespace rtworkq
