// What runs where stands in the header.

#include "waiter/mutex.h"

#include "base/clock.h"
#include "handles/waitable.h"
#include "waiter/resume.h"
#include "waiter/start_thread.h"

#include <algorithm>
#include <set>
#include <utility>

namespace rtworkq::waiter {
namespace {

/// The mutexes whose threads run.
struct Registry {
  std::mutex lock;
  std::set<Mutex*> mutexes;
};

Registry& registry() {
  // Lives as long as the process, because the threads run until it ends.
  static Registry& all = *new Registry;
  return all;
}

class Registered {
 public:
  explicit Registered(Mutex& mutex) : mutex_(mutex) {
    const std::scoped_lock lock(registry().lock);
    registry().mutexes.insert(&mutex_);
  }
  Registered(const Registered&) = delete;
  Registered& operator=(const Registered&) = delete;
  ~Registered() {
    const std::scoped_lock lock(registry().lock);
    registry().mutexes.erase(&mutex_);
  }

 private:
  Mutex& mutex_;
};

}  // namespace

Acquisition::Acquisition(CompletionSink& sink, OperationId id, ComPtr<Answers> answers, ComPtr<Mutex> mutex,
                         std::int64_t deadline) noexcept
    : RefCounted(sink, id, Hold::nothing),
      answers_(std::move(answers)),
      mutex_(std::move(mutex)),
      deadline_(deadline) {}

Acquisition::~Acquisition() = default;

Outcome Acquisition::begin() {
  answers_->expect();
  const Outcome outcome = mutex_->acquire(*this);
  begun_ = !outcome.failed();
  if (!begun_) answers_->receive();
  return outcome;
}

bool Acquisition::stop(State to) noexcept {
  if (!begun_) return leave_pending(to);
  mutex_->remove(*this);
  return false;
}

void Acquisition::settle(End end, HRESULT error) noexcept {
  fired_at_ = clock::now();
  end_ = end;
  error_ = error;
  acquired_ = end >= End::acquired;
  if (leave_pending(State::fired)) report();
  answers_->receive();
}

Completion Acquisition::completion() noexcept {
  received_.store(acquired_);
  return {error_, fired_at_, static_cast<double>(end_)};
}

void Acquisition::give_back() noexcept {
  if (!std::exchange(acquired_, false)) return;
  end_ = End::removed;
  mutex_->give_back(*this);
}

Outcome Mutex::acquire(Acquisition& acquisition) {
  {
    const std::scoped_lock lock(mutex_);
    if (!running_) {
      if (const Outcome prepared = prepare(); prepared.failed()) return prepared;
      UniqueHandle thread;
      if (const Outcome started = start_thread(*this, thread); started.failed()) return started;
      running_ = true;
    }
  }
  post({Kind::acquire, ComPtr<Acquisition>::share(acquisition)});
  return {};
}

Outcome Mutex::prepare() {
  if (!handle_ && !broken_) {
    const Outcome made = WaitTarget::duplicate(source_, object::Kind::mutex, Function::WaitForMultipleObjects, handle_);
    if (made.failed()) return made;
  }
  for (UniqueHandle* event : {&control_, &answered_}) {
    if (*event) continue;
    if (const Outcome made = waitable::create_own_event(*event); made.failed()) return made;
  }
  return timer_.get() ? Outcome{} : timer_.create();
}

Outcome Mutex::release() { return call({Kind::release}); }

void Mutex::end(Then then) { call({Kind::end, {}, then}); }

void Mutex::give_back(Acquisition& acquisition) {
  if (GetCurrentThreadId() == thread_id_.load()) {
    give_back_from(acquisition);
  } else {
    call({Kind::give_back, ComPtr<Acquisition>::share(acquisition)});
  }
}

void Mutex::remove(Acquisition& acquisition) { post({Kind::remove, ComPtr<Acquisition>::share(acquisition)}); }

Outcome Mutex::call(Request request) {
  Outcome outcome{HRESULT_FROM_WIN32(ERROR_NOT_OWNER), Function::ReleaseMutex};
  request.outcome = &outcome;
  if (post(std::move(request))) WaitForSingleObject(answered_.get(), INFINITE);
  return outcome;
}

bool Mutex::post(Request request) {
  const std::scoped_lock lock(mutex_);
  if (!running_) return false;
  requests_.push_back(std::move(request));
  SetEvent(control_.get());
  return true;
}

void Mutex::resume_all() {
  const std::scoped_lock lock(registry().lock);
  for (Mutex* mutex : registry().mutexes) mutex->post({Kind::resume});
}

void Mutex::run() noexcept {
  // Here, because loading a DLL takes long for a JavaScript thread.
  watch_resume();
  thread_id_.store(GetCurrentThreadId());
  life_ = Life::running;
  {
    const Registered registered(*this);
    while (life_ == Life::running) {
      carry_out_requests();
      expire();
      if (life_ == Life::running) wait();
    }
  }
  if (life_ == Life::ending) {
    leave(S_OK);
  } else {
    hand_over();
  }
}

void Mutex::hand_over() noexcept {
  {
    const std::scoped_lock lock(mutex_);
    if (requests_.empty() && queue_.empty()) {
      running_ = false;
      return;
    }
  }
  UniqueHandle thread;
  const Outcome started = start_thread(*this, thread);
  if (started.failed()) leave(started.result);
}

void Mutex::leave(HRESULT error) noexcept {
  // Under the lock: afterwards, acquire() may start another thread.
  const std::scoped_lock lock(mutex_);
  running_ = false;
  for (const Request& request : std::exchange(requests_, {})) answer(request);
  settle_all(Acquisition::End::removed, error);
  if (life_ == Life::ending) SetEvent(answered_.get());
}

void Mutex::carry_out_requests() noexcept {
  std::vector<Request> requests;
  {
    const std::scoped_lock lock(mutex_);
    std::swap(requests, requests_);
  }
  for (const Request& request : requests) answer(request);
}

void Mutex::answer(const Request& request) noexcept {
  const Outcome outcome = carry_out(request);
  if (!request.outcome) return;
  *request.outcome = outcome;
  // The end is answered when this thread uses nothing any more.
  if (request.kind != Kind::end) SetEvent(answered_.get());
}

Outcome Mutex::carry_out(const Request& request) noexcept {
  switch (request.kind) {
    case Kind::acquire:
      if (broken_ != S_OK) {
        request.acquisition->settle(Acquisition::End::removed, broken_);
        break;
      }
      queue_.push_back(request.acquisition);
      earliest_ = std::min(earliest_, request.acquisition->deadline());
      break;
    case Kind::remove:
      remove_from_queue(*request.acquisition);
      break;
    case Kind::release:
      return release_owned();
    case Kind::give_back:
      give_back_from(*request.acquisition);
      break;
    case Kind::end:
      end_owned(request.then);
      settle_all(Acquisition::End::removed);
      break;
    case Kind::resume:
      timer_.forget();
      break;
  }
  return {};
}

void Mutex::remove_from_queue(const Acquisition& acquisition) noexcept {
  const auto found = std::find_if(queue_.begin(), queue_.end(),
                                  [&](const ComPtr<Acquisition>& each) { return each.get() == &acquisition; });
  if (found == queue_.end()) return;
  const ComPtr<Acquisition> removed = std::move(*found);
  queue_.erase(found);
  removed->settle(Acquisition::End::removed);
}

Outcome Mutex::release_owned() noexcept {
  if (!owner_) return {HRESULT_FROM_WIN32(ERROR_NOT_OWNER), Function::ReleaseMutex};
  owner_.reset();
  if (ReleaseMutex(handle_.get())) return {};
  const Outcome failure = Outcome::last_error(Function::ReleaseMutex);
  fail(failure.result);
  // Only the end of this thread releases the mutex now.
  life_ = Life::handing_over;
  return failure;
}

void Mutex::give_back_from(const Acquisition& acquisition) noexcept {
  if (owner_.get() != &acquisition) return;
  if (was_abandoned_) {
    owner_.reset();
    life_ = Life::handing_over;
  } else {
    release_owned();
  }
}

void Mutex::end_owned(Then then) noexcept {
  if (owner_ && (owner_->received() ? then == Then::release : !was_abandoned_)) release_owned();
  owner_.reset();
  life_ = Life::ending;
}

bool Mutex::is_wanted() const noexcept {
  // A thread that hands over still owns the mutex.
  return life_ == Life::running && !owner_ && !queue_.empty();
}

void Mutex::wait() noexcept {
  const HANDLE handles[] = {control_.get(), timer_.get(), handle_.get()};
  switch (WaitForMultipleObjects(is_wanted() ? 3 : 2, handles, FALSE, timer_.set(earliest_))) {
    case WAIT_OBJECT_0:
      break;
    case WAIT_OBJECT_0 + 1:
    case WAIT_TIMEOUT:
      timer_.forget();
      break;
    case WAIT_OBJECT_0 + 2:
      take(Acquisition::End::acquired);
      break;
    case WAIT_ABANDONED_0 + 2:
      take(Acquisition::End::abandoned);
      break;
    default:
      // If the mutex is not to blame, the system must be short of something. Trying again at once would take the
      // processor.
      if (!is_wanted() || !look()) Sleep(1);
  }
}

bool Mutex::look() noexcept {
  switch (WaitForSingleObject(handle_.get(), 0)) {
    case WAIT_OBJECT_0:
      take(Acquisition::End::acquired);
      return true;
    case WAIT_ABANDONED:
      take(Acquisition::End::abandoned);
      return true;
    case WAIT_TIMEOUT:
      return false;
    default:
      fail(HRESULT_FROM_WIN32(GetLastError()));
      return true;
  }
}

void Mutex::take(Acquisition::End end) noexcept {
  owner_ = std::move(queue_.front());
  was_abandoned_ = end == Acquisition::End::abandoned;
  queue_.pop_front();
  // settle() may give it back.
  const ComPtr<Acquisition> owner = owner_;
  owner->settle(end);
}

void Mutex::fail(HRESULT error) noexcept {
  broken_ = error;
  handle_.forget_if_closed();
  settle_all(Acquisition::End::removed, error);
}

void Mutex::expire() noexcept {
  const std::int64_t now = clock::now();
  if (now < earliest_) return;
  // A mutex that is free wins over the timeout.
  if (is_wanted() && queue_.front()->deadline() <= now) look();
  earliest_ = kNever;
  std::deque<ComPtr<Acquisition>> due;
  std::erase_if(queue_, [&](const ComPtr<Acquisition>& each) {
    const bool is_due = each->deadline() <= now;
    if (is_due) {
      due.push_back(each);
    } else {
      earliest_ = std::min(earliest_, each->deadline());
    }
    return is_due;
  });
  for (const ComPtr<Acquisition>& each : due) each->settle(Acquisition::End::timeout);
}

void Mutex::settle_all(Acquisition::End end, HRESULT error) noexcept {
  const std::deque<ComPtr<Acquisition>> all = std::exchange(queue_, {});
  for (const ComPtr<Acquisition>& each : all) each->settle(end, error);
}

}  // namespace rtworkq::waiter
