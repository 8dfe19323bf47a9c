// run_due() runs on a pool thread, one at a time; everything else on callers' threads. Work runs, and is destroyed,
// without the lock.

#include "rtworkq/timers.h"

#include "rtworkq/options.h"

#include <algorithm>
#include <new>

namespace stand_in {
namespace {

using HundredNanoseconds = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;

constexpr auto kTick = std::chrono::microseconds(15'625);

}  // namespace

Clock::time_point end_of(Clock::duration interval) {
  const Clock::time_point now = Clock::now();
  if (!tick_bound()) return now + interval;
  // The interval starts at the last tick, and ends at the first tick at or after its end.
  const auto start = now.time_since_epoch() / kTick * kTick;
  const auto end = (start + interval + kTick - Clock::duration(1)) / kTick * kTick;
  return Clock::time_point(end);
}

Timers::Timers() : timer_(CreateThreadpoolTimer(on_timer, this, nullptr)) {
  if (!timer_) throw std::bad_alloc();
}

Timers::~Timers() { close(); }

bool Timers::add(std::uint64_t key, Clock::time_point due, Work work) {
  const Guard guard(lock_);
  if (closed_) return false;
  const auto added = pending_.emplace(due, std::pair(key, std::move(work)));
  by_key_.emplace(key, added);
  if (!running_ && added == pending_.begin()) arm();
  return true;
}

bool Timers::cancel(std::uint64_t key) {
  Pending::node_type cancelled;
  const Guard guard(lock_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return false;
  cancelled = pending_.extract(found->second);
  by_key_.erase(found);
  return true;
}

void Timers::close() {
  {
    const Guard guard(lock_);
    if (closed_) return;
    closed_ = true;
    SetThreadpoolTimer(timer_, nullptr, 0, 0);
  }
  WaitForThreadpoolTimerCallbacks(timer_, TRUE);
  CloseThreadpoolTimer(timer_);
  const Guard guard(lock_);
  by_key_.clear();
  new Pending(std::move(pending_));  // deliberately leaked, see close() in the header
}

void CALLBACK Timers::on_timer(PTP_CALLBACK_INSTANCE, void* context, PTP_TIMER) {
  static_cast<Timers*>(context)->run_due();
}

void Timers::run_due() {
  Guard guard(lock_);
  if (running_) return;
  running_ = true;
  while (!closed_ && !pending_.empty() && pending_.begin()->first <= Clock::now()) {
    const auto due = pending_.extract(pending_.begin());
    by_key_.erase(due.mapped().first);
    guard.unlock();
    due.mapped().second();
    guard.lock();
  }
  running_ = false;
  if (!closed_) arm();
}

/// Arms the timer for the earliest work. With the lock held.
void Timers::arm() {
  if (pending_.empty()) return;
  const auto left = std::chrono::ceil<HundredNanoseconds>(pending_.begin()->first - Clock::now());
  // Relative times are negative; 0 would mean the year 1601.
  ULARGE_INTEGER due;
  due.QuadPart = static_cast<ULONGLONG>(-std::max<std::int64_t>(left.count(), 1));
  FILETIME time{due.LowPart, due.HighPart};
  SetThreadpoolTimer(timer_, &time, 0, 0);
}

}  // namespace stand_in
