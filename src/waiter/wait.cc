// What runs where stands in the header. restore() runs on any thread.

#include "waiter/wait.h"

#include "base/clock.h"
#include "waiter/pool.h"

#include <algorithm>
#include <utility>

namespace rtworkq::waiter {
namespace {

constexpr double kTimeout = -1;
constexpr double kRemoved = -2;

const HRESULT kIsMutex = HRESULT_FROM_WIN32(ERROR_NOT_SUPPORTED);

std::vector<HANDLE> handles_of(const Targets& targets, std::size_t first, std::size_t count) {
  std::vector<HANDLE> handles(count);
  std::transform(targets.begin() + static_cast<std::ptrdiff_t>(first),
                 targets.begin() + static_cast<std::ptrdiff_t>(first + count), handles.begin(),
                 [](const WaitTarget& target) { return target.get(); });
  return handles;
}

void restore_all(const Targets& targets, std::size_t end) {
  for (std::size_t index = 0; index < end; ++index) targets[index].restore_signal();
}

/// One look at up to 64 handles.
DWORD look(const Targets& targets, std::size_t first, std::size_t count, Until until) {
  const std::vector<HANDLE> handles = handles_of(targets, first, count);
  return WaitForMultipleObjects(static_cast<DWORD>(count), handles.data(), until == Until::all, 0);
}

Outcome poll_any(const Targets& targets, double& index) {
  for (std::size_t first = 0; first < targets.size(); first += MAXIMUM_WAIT_OBJECTS) {
    const std::size_t count = std::min<std::size_t>(targets.size() - first, MAXIMUM_WAIT_OBJECTS);
    const DWORD result = look(targets, first, count, Until::any);
    if (result == WAIT_TIMEOUT) continue;
    if (result == WAIT_FAILED) return Outcome::last_error(Function::WaitForMultipleObjects);
    const std::size_t found = first + result - (result >= WAIT_ABANDONED_0 ? WAIT_ABANDONED_0 : WAIT_OBJECT_0);
    if (targets[found].release_if_mutex()) return {kIsMutex, Function::WaitForMultipleObjects};
    index = static_cast<double>(found);
    return {};
  }
  return {};
}

Outcome poll_all(const Targets& targets, double& index) {
  const bool together = targets.size() <= Thread::kTogether;
  const std::size_t step = together ? targets.size() : 1;
  for (std::size_t first = 0; first < targets.size(); first += step) {
    const DWORD result = look(targets, first, step, Until::all);
    if (result == WAIT_TIMEOUT || result == WAIT_FAILED) {
      const Outcome failure = Outcome::last_error(Function::WaitForMultipleObjects);
      restore_all(targets, first);
      return result == WAIT_FAILED ? failure : Outcome{};
    }
  }
  // Each, because this thread may own more than one.
  const auto mutexes =
      std::count_if(targets.begin(), targets.end(), [](const WaitTarget& target) { return target.release_if_mutex(); });
  if (mutexes > 0) {
    restore_all(targets, targets.size());
    return {kIsMutex, Function::WaitForMultipleObjects};
  }
  index = static_cast<double>(targets.size() - 1);
  return {};
}

}  // namespace

Outcome poll(const Targets& targets, Until until, double& index) {
  index = -1;
  return until == Until::any ? poll_any(targets, index) : poll_all(targets, index);
}

Outcome check_distinct(const Targets& targets, Until until) {
  if (until == Until::any || targets.size() > Thread::kTogether) return {};
  for (auto one = targets.begin(); one != targets.end(); ++one) {
    for (auto other = std::next(one); other != targets.end(); ++other) {
      if (object::is_same(one->get(), other->get())) return {E_INVALIDARG, Function::WaitForMultipleObjects};
    }
  }
  return {};
}

Wait::Wait(CompletionSink& sink, OperationId id, ComPtr<Answers> answers, Until until, Targets targets)
    : RefCounted(sink, id, Hold::nothing),
      answers_(std::move(answers)),
      until_(until),
      targets_(std::move(targets)),
      taken_(until == Until::all ? targets_.size() : 0),
      missing_(together() ? 1 : targets_.size()) {}

Outcome Wait::begin(std::int64_t deadline) {
  answers_->expect();
  const Outcome placed = place_all(deadline);
  // Nothing is reported then, and what threads take meanwhile is given back.
  if (placed.failed() && leave_pending(State::closed)) {
    abandoned_ = true;
    remove_from_threads();
  }
  on_left();
  return placed;
}

Outcome Wait::place_all(std::int64_t deadline) {
  const auto self = ComPtr<Client>::share(*this);
  if (together()) {
    if (const Outcome placed = place({self, handles_of(targets_, 0, targets_.size()), 0, kNever, true});
        placed.failed() || deadline == kNever) {
      return placed;
    }
    return place({self, {}, 0, deadline, false});
  }
  for (std::size_t first = 0; first < targets_.size() && pending(); first += Thread::kCapacity) {
    const std::size_t count = std::min(targets_.size() - first, Thread::kCapacity);
    const Outcome placed =
        place({self, handles_of(targets_, first, count), first, first == 0 ? deadline : kNever, false});
    if (placed.failed()) return placed;
  }
  return {};
}

Outcome Wait::place(Placement placement) {
  const std::scoped_lock lock(mutex_);
  // It was signaled, or failed, on a thread that got its handles first.
  if (!pending() || end_.load() != End::open) return {};
  users_.fetch_add(1);
  ComPtr<Thread> thread;
  const Outcome placed = Pool::waits().place(std::move(placement), thread);
  if (placed.failed()) {
    users_.fetch_sub(1);
  } else {
    threads_.push_back(std::move(thread));
  }
  return placed;
}

bool Wait::stop(State) noexcept {
  if (!abandoned_) end_with(End::removed);
  return abandoned_;
}

void Wait::end_with(End end) noexcept {
  End open = End::open;
  if (end_.compare_exchange_strong(open, end)) remove_from_threads();
}

void Wait::remove_from_threads() noexcept {
  const std::scoped_lock lock(mutex_);
  for (const ComPtr<Thread>& thread : threads_) thread->remove(*this);
}

Then Wait::on_signaled(std::size_t index, std::int64_t now) noexcept {
  if (take(index)) return fail(kIsMutex);
  if (until_ == Until::all && missing_.fetch_sub(1) != 1) return Then::drop_handle;
  if (leave_pending(State::fired)) {
    signaled_ = true;
    index_ = together() ? targets_.size() - 1 : index;
    fired_at_ = now;
    report();
    if (is_on_several_threads()) remove_from_threads();
  } else if (until_ == Until::any) {
    // Another thread was first, or begin() has failed.
    targets_[index].restore_signal();
  }
  return Then::leave;
}

bool Wait::take(std::size_t index) noexcept {
  const std::size_t end = together() ? targets_.size() : index + 1;
  bool has_mutex = false;
  for (std::size_t taken = index; taken < end; ++taken) {
    has_mutex |= targets_[taken].release_if_mutex();
    if (until_ == Until::all) taken_[taken] = 1;
  }
  return has_mutex;
}

Then Wait::on_failed(std::size_t, DWORD error) noexcept { return fail(HRESULT_FROM_WIN32(error)); }

Then Wait::fail(HRESULT error) noexcept {
  error_.store(error);
  end_with(End::failed);
  return Then::leave;
}

void Wait::on_due() noexcept { end_with(End::timeout); }

void Wait::on_left() noexcept {
  if (users_.fetch_sub(1) != 1) return;
  const bool ended = leave_pending(State::fired);
  if (!signaled_) restore_taken();
  if (end_.load() == End::failed) {
    for (WaitTarget& target : targets_) target.forget_if_closed();
  }
  if (ended) {
    fired_at_ = clock::now();
    report();
  }
  answers_->receive();
}

void Wait::restore_taken() noexcept {
  for (std::size_t index = 0; index < taken_.size(); ++index) {
    if (std::exchange(taken_[index], char{0})) targets_[index].restore_signal();
  }
}

Completion Wait::completion() noexcept {
  if (signaled_) return {S_OK, fired_at_, static_cast<double>(index_)};
  const HRESULT status = end_.load() == End::failed ? error_.load() : S_OK;
  return {status, fired_at_, end_.load() == End::timeout ? kTimeout : kRemoved};
}

void Wait::give_back() noexcept {
  if (!std::exchange(signaled_, false)) return;
  if (until_ == Until::any) targets_[index_].restore_signal();
  restore_taken();
  end_.store(End::removed);
}

}  // namespace rtworkq::waiter
