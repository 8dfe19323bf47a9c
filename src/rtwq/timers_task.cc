// run() and Keeper's functions run on the alarms' threads, everything else on JavaScript threads.

#include "rtwq/timers_task.h"

#include "rtwq/mmcss.h"
#include "waiter/pool.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace rtworkq {
namespace {

using waiter::Client;
using waiter::Pool;
using waiter::Then;
using waiter::Thread;

/// Keeps a thread running that has no handles yet.
class Keeper final : public RefCounted<Client> {
 public:
  Then on_signaled(std::size_t, std::int64_t) noexcept override { return Then::keep; }
  Then on_failed(std::size_t, DWORD) noexcept override { return Then::leave; }

 private:
  ~Keeper() override = default;
};

class Registration final : public waiter::Job {
 public:
  static Registration& instance() {
    // Never destroyed: a thread may still run its job when the process ends.
    static Registration& registration = *new Registration;
    return registration;
  }

  Outcome add_lease(const wchar_t* usage_class, DWORD& task, LONG priority) {
    const std::scoped_lock lock(leases_mutex_);
    if (leases_ > 0) {
      if (class_ != usage_class || priority_ != priority || (task != 0 && task != task_)) {
        return {HRESULT_FROM_WIN32(ERROR_BUSY), Function::AvSetMmThreadCharacteristicsW};
      }
    } else {
      class_ = usage_class;
      priority_ = priority;
      if (const Outcome registered = begin(task); registered.failed()) return registered;
    }
    ++leases_;
    task = task_;
    return {};
  }

  Outcome remove_lease() {
    const std::scoped_lock lock(leases_mutex_);
    return --leases_ > 0 ? Outcome{} : end();
  }

  void run() noexcept override {
    const std::scoped_lock lock(mutex_);
    const DWORD thread = GetCurrentThreadId();
    Outcome outcome;
    if (wanted_) {
      outcome = ThreadTask::make(class_.c_str(), task_, priority_, tasks_[thread]);
    } else {
      outcome = tasks_[thread].unregister();
      tasks_.erase(thread);
    }
    if (outcome.failed() && !failure_.failed()) failure_ = outcome;
  }

 private:
  Registration() = default;

  Outcome begin(DWORD task) {
    keeper_ = make<Keeper>();
    if (const Outcome placed = Pool::alarms().place({keeper_}, thread_); placed.failed()) return placed;
    task_ = task;
    const Outcome registered = call(true);
    if (registered.failed()) end();
    return registered;
  }

  Outcome end() {
    const Outcome ended = call(false);
    thread_->remove(*keeper_);
    return ended;
  }

  Outcome call(bool wanted) {
    {
      const std::scoped_lock lock(mutex_);
      wanted_ = wanted;
      failure_ = {};
    }
    Pool::alarms().call_on_all(*this, wanted);
    const std::scoped_lock lock(mutex_);
    return failure_;
  }

  // Held while a registration begins or ends.
  std::mutex leases_mutex_;
  int leases_ = 0;
  ComPtr<Client> keeper_;
  ComPtr<Thread> thread_;

  // Guards what follows: a new thread registers itself at any time.
  std::mutex mutex_;
  std::wstring class_;
  LONG priority_ = 0;
  DWORD task_ = 0;
  bool wanted_ = false;
  Outcome failure_;
  std::map<DWORD, ThreadTask> tasks_;
};

}  // namespace

Outcome TimersTask::lease(const wchar_t* usage_class, DWORD& task, LONG priority, TimersTask& lease) {
  const Outcome outcome = Registration::instance().add_lease(usage_class, task, priority);
  lease.held_ = !outcome.failed();
  return outcome;
}

Outcome TimersTask::release() {
  return std::exchange(held_, false) ? Registration::instance().remove_lease() : Outcome{};
}

}  // namespace rtworkq
