// What runs where stands in the header.

#include "waiter/pool.h"

#include <algorithm>
#include <utility>

namespace rtworkq::waiter {

Pool& Pool::waits() {
  static Pool& pool = *new Pool;
  return pool;
}

Pool& Pool::alarms() {
  static Pool& pool = *new Pool;
  return pool;
}

Outcome Pool::place(Placement placement, ComPtr<Thread>& on) {
  const std::size_t room = Thread::room_for(placement);
  const std::scoped_lock lock(mutex_);
  // The newest thread is the most likely to have room.
  const auto found =
      std::find_if(threads_.rbegin(), threads_.rend(), [room](auto& each) { return each->reserve(room); });
  if (found != threads_.rend()) {
    on = *found;
  } else {
    if (const Outcome started = Thread::start(*this, on); started.failed()) return started;
    threads_.push_back(on);
    if (job_) on->call_first(*job_);
    on->reserve(room);
  }
  on->place(std::move(placement));
  return {};
}

bool Pool::retire(Thread& thread) noexcept {
  const std::scoped_lock lock(mutex_);
  if (!thread.try_end()) return false;
  std::erase_if(threads_, [&thread](const ComPtr<Thread>& each) { return each.get() == &thread; });
  return true;
}

std::vector<ComPtr<Thread>> Pool::threads() {
  const std::scoped_lock lock(mutex_);
  return threads_;
}

void Pool::resume() {
  for (const ComPtr<Thread>& thread : threads()) thread->resume();
}

void Pool::call_on_all(Job& job, bool stays) {
  {
    const std::scoped_lock lock(mutex_);
    job_ = stays ? &job : nullptr;
  }
  // Not under the lock, for which a thread may be waiting.
  for (const ComPtr<Thread>& thread : threads()) thread->call(job);
}

}  // namespace rtworkq::waiter
