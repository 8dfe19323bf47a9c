// start(), add(), cancel() and close() run on callers' threads, everything else on the thread itself.
//
// Requests set the control event, which is the first of the handles. So the thread sees a request before it takes a
// signal that arrives after it.

#include "rtworkq/wait_thread.h"

#include "rtworkq/threads.h"

#include <algorithm>
#include <new>
#include <utility>

namespace stand_in {
namespace {

constexpr std::size_t kMaxWaits = MAXIMUM_WAIT_OBJECTS - 1;

// The thread only waits and puts items on queues.
constexpr unsigned kStackBytes = 64 * 1024;

/// The index of the handle whose signal was taken, WAIT_TIMEOUT or WAIT_FAILED. The signal may be an abandoned mutex.
DWORD wait_for_any(const HANDLE* handles, std::size_t count, DWORD milliseconds) noexcept {
  const DWORD result = WaitForMultipleObjects(static_cast<DWORD>(count), handles, FALSE, milliseconds);
  const bool abandoned = result >= WAIT_ABANDONED_0 && result < WAIT_ABANDONED_0 + MAXIMUM_WAIT_OBJECTS;
  return abandoned ? result - WAIT_ABANDONED_0 : result;
}

}  // namespace

WaitThread::WaitThread()
    : control_(CreateEventW(nullptr, FALSE, FALSE, nullptr)),
      closed_(CreateEventW(nullptr, TRUE, FALSE, nullptr)),
      handles_{control_.get()} {
  if (!control_ || !closed_) throw std::bad_alloc();
}

std::shared_ptr<WaitThread> WaitThread::start() {
  const std::shared_ptr<WaitThread> started(new WaitThread);
  started->thread_ = start_thread([started] { started->run(); }, kStackBytes);
  return started;
}

bool WaitThread::has_room() {
  const Guard guard(lock_);
  return waits_.size() + added_.size() < kMaxWaits;
}

void WaitThread::add(std::shared_ptr<Wait> wait) { request(added_, std::move(wait)); }

void WaitThread::cancel(std::shared_ptr<Wait> wait) { request(cancelled_, std::move(wait)); }

void WaitThread::request(Waits& requests, std::shared_ptr<Wait> wait) {
  const Guard guard(lock_);
  // If there are requests, the thread has yet to answer them, and waits for no signal before it does.
  if (added_.empty() && cancelled_.empty()) SetEvent(control_.get());
  requests.push_back(std::move(wait));
}

void WaitThread::close() {
  {
    const Guard guard(lock_);
    closing_ = true;
    SetEvent(control_.get());
  }
  // Not for the thread's end alone, which takes much longer. But an exiting process has already ended it.
  const HANDLE either[] = {closed_.get(), thread_.get()};
  WaitForMultipleObjects(2, either, FALSE, INFINITE);
}

void WaitThread::run() {
  while (handle_wake_up(wait_for_any(handles_.data(), handles_.size(), INFINITE))) {
  }
  SetEvent(closed_.get());
}

/// Returns false if the thread must end: it then has no waits, and has delivered the others.
bool WaitThread::handle_wake_up(DWORD result) {
  Waits taken;
  Waits cancelled;
  bool closing;
  {
    const Guard guard(lock_);
    closing = closing_;
    // The handles before this one had no signal.
    std::size_t from = 0;
    if (result != 0 && result < handles_.size()) {
      from = result - 1;
      taken.push_back(remove(from));
    }
    apply_requests(cancelled);
    if (closing) {
      waits_.clear();
      without_handle_.clear();
    } else if (result == WAIT_FAILED) {
      look_at_each(0, taken);
    } else {
      // Otherwise frequent requests, or handles that are always signalled, could keep the others waiting.
      take_signalled(from, taken);
    }
  }
  for (const auto& wait : taken) wait->on_taken();
  for (const auto& wait : cancelled) wait->on_cancelled();
  return !closing;
}

/// With the lock held.
void WaitThread::apply_requests(Waits& cancelled) {
  for (auto& wait : added_) {
    handles_.push_back(wait->handle());
    waits_.push_back(std::move(wait));
  }
  added_.clear();
  for (auto& wait : cancelled_) {
    if (const auto found = std::find(waits_.begin(), waits_.end(), wait); found != waits_.end()) {
      cancelled.push_back(remove(static_cast<std::size_t>(found - waits_.begin())));
    } else if (std::erase(without_handle_, wait) > 0) {
      cancelled.push_back(std::move(wait));
    }
  }
  cancelled_.clear();
}

/// Takes the signals that are there, from the wait with that index on. With the lock held, so that no cancel() returns
/// in the meantime.
void WaitThread::take_signalled(std::size_t from, Waits& taken) {
  while (from < waits_.size()) {
    const DWORD result = wait_for_any(&handles_[from + 1], waits_.size() - from, 0);
    if (result == WAIT_FAILED) look_at_each(from, taken);
    if (result >= waits_.size() - from) return;
    from += result;
    taken.push_back(remove(from));
  }
}

/// The same, and leaves out the handles that cannot be waited for: a wait for several handles does not tell which one
/// is bad.
void WaitThread::look_at_each(std::size_t from, Waits& taken) {
  while (from < waits_.size()) {
    const DWORD result = wait_for_any(&handles_[from + 1], 1, 0);
    if (result == WAIT_TIMEOUT) {
      ++from;
    } else {
      (result == WAIT_FAILED ? without_handle_ : taken).push_back(remove(from));
    }
  }
}

/// With the lock held.
std::shared_ptr<WaitThread::Wait> WaitThread::remove(std::size_t index) {
  const auto offset = static_cast<std::ptrdiff_t>(index);
  auto removed = std::move(waits_[index]);
  waits_.erase(waits_.begin() + offset);
  handles_.erase(handles_.begin() + offset + 1);
  return removed;
}

}  // namespace stand_in
