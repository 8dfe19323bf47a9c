// What runs where stands in the header.

#include "waiter/thread.h"

#include "base/clock.h"
#include "handles/waitable.h"
#include "waiter/pool.h"
#include "waiter/resume.h"
#include "waiter/start_thread.h"

#include <algorithm>
#include <utility>

namespace rtworkq::waiter {
namespace {

// How long a thread without clients waits for new ones before it ends.
constexpr DWORD kIdleMs = 5'000;

void CALLBACK wake_up(ULONG_PTR) {}

}  // namespace

Outcome Thread::start(Pool& pool, ComPtr<Thread>& thread) {
  auto made = make<Thread>(pool);
  if (const Outcome control = waitable::create_own_event(made->control_); control.failed()) return control;
  if (const Outcome timer = made->timer_.create(); timer.failed()) return timer;
  if (const Outcome started = start_thread(*made, made->thread_); started.failed()) return started;
  thread = std::move(made);
  return {};
}

std::size_t Thread::room_for(const Placement& placement) noexcept {
  return placement.together ? kCapacity : std::max<std::size_t>(1, placement.handles.size());
}

bool Thread::reserve(std::size_t handles) noexcept {
  // Only the pool adds, under its lock; the thread may subtract meanwhile.
  if (used_.load() + handles > kCapacity) return false;
  used_.fetch_add(handles);
  return true;
}

void Thread::place(Placement placement) { post({Kind::place, std::move(placement)}); }

void Thread::remove(Client& client) { post({Kind::remove, {ComPtr<Client>::share(client)}}); }

void Thread::resume() { post({Kind::resume}); }

void Thread::call(Job& job) {
  const UniqueHandle done(CreateEventW(nullptr, FALSE, FALSE, nullptr));
  if (done && post({Kind::job, {}, &job, done.get()})) WaitForSingleObject(done.get(), INFINITE);
}

void Thread::call_first(Job& job) { post({Kind::job, {}, &job}); }

bool Thread::post(Request request) {
  bool first = false;
  bool alertable = false;
  {
    const std::scoped_lock lock(mutex_);
    if (ended_) return false;
    first = requests_.empty();
    if (request.placement.together) alertable_ = true;
    alertable = alertable_;
    requests_.push_back(std::move(request));
  }
  // If there were requests before, the thread that posted the first one wakes this one.
  if (!first) return true;
  SetEvent(control_.get());
  if (alertable) QueueUserAPC(wake_up, thread_.get(), 0);
  return true;
}

bool Thread::try_end() noexcept {
  const std::scoped_lock lock(mutex_);
  if (!requests_.empty() || used_.load() != 0) return false;
  ended_ = true;
  return true;
}

void Thread::run() noexcept {
  // Here, because loading a DLL takes long for a JavaScript thread.
  watch_resume();
  handles_[kControl] = control_.get();
  handles_[kTimer] = timer_.get();
  do {
    carry_out_requests();
    if (together_.client) wait_together();
  } while (together_.client || wait() || !pool_.retire(*this));
}

void Thread::carry_out_requests() noexcept {
  {
    const std::scoped_lock lock(mutex_);
    std::swap(requests_, current_);
  }
  for (Request& request : current_) {
    switch (request.kind) {
      case Kind::place:
        add(request.placement);
        break;
      case Kind::remove:
        take_out(*request.placement.client);
        break;
      case Kind::resume:
        resume_clients();
        break;
      case Kind::job:
        request.job->run();
        if (request.done) SetEvent(request.done);
        break;
    }
  }
  current_.clear();
}

void Thread::add(Placement& placement) noexcept {
  if (placement.together) {
    together_ = std::move(placement);
    return;
  }
  for (const HANDLE handle : placement.handles) {
    handles_[count_] = handle;
    entries_[count_] = {placement.client.get(), placement.first++};
    ++count_;
  }
  records_[record_count_++] = {placement.client, placement.deadline, room_for(placement)};
}

void Thread::take_out(Client& client) noexcept {
  if (together_.client.get() == &client) {
    const auto count = static_cast<DWORD>(together_.handles.size());
    if (client.looks_before_leaving() &&
        WaitForMultipleObjects(count, together_.handles.data(), TRUE, 0) < WAIT_ABANDONED_0 + count) {
      client.on_signaled(together_.first, clock::now());
    }
    leave_together();
    return;
  }
  if (client.looks_before_leaving()) {
    for (std::size_t position = first_of(client); position < count_ && entries_[position].client == &client;) {
      const DWORD result = WaitForSingleObject(handles_[position], 0);
      const bool taken = result == WAIT_OBJECT_0 || result == WAIT_ABANDONED;
      position = taken ? on_taken(position) : position + 1;
    }
  }
  drop(client);
}

void Thread::resume_clients() noexcept {
  timer_.forget();
  for (std::size_t index = 0; index < record_count_; ++index) records_[index].client->on_resume();
}

bool Thread::wait() noexcept {
  const DWORD patience = set_timer();
  const DWORD result = WaitForMultipleObjects(static_cast<DWORD>(count_), handles_.data(), FALSE, patience);
  if (result == WAIT_TIMEOUT && record_count_ == 0) return false;
  if (result == WAIT_TIMEOUT) timer_due_ = true;
  for (std::size_t from = result == WAIT_TIMEOUT ? kFirst : on_returned(result, 0); from < count_;) {
    const DWORD more = WaitForMultipleObjects(static_cast<DWORD>(count_ - from), &handles_[from], FALSE, 0);
    if (more == WAIT_TIMEOUT) break;
    from = on_returned(more, from);
  }
  if (std::exchange(timer_due_, false)) expire();
  return true;
}

std::size_t Thread::on_returned(DWORD result, std::size_t from) noexcept {
  if (result == WAIT_FAILED) {
    find_failed();
    return count_;
  }
  const std::size_t position = from + result - (result >= WAIT_ABANDONED_0 ? WAIT_ABANDONED_0 : WAIT_OBJECT_0);
  // Requests that follow each other closely must not keep the thread from its handles.
  const bool control_was_last = std::exchange(control_was_last_, position == kControl);
  if (position == kControl) return control_was_last ? kTimer : count_;
  if (position == kTimer) {
    timer_due_ = true;
    return kFirst;
  }
  return on_taken(position);
}

std::size_t Thread::on_taken(std::size_t position) noexcept {
  const Entry& entry = entries_[position];
  return settle(position, entry.client->on_signaled(entry.index, clock::now()));
}

std::size_t Thread::settle(std::size_t position, Then then) noexcept {
  if (then == Then::keep) return position + 1;
  if (then == Then::drop_handle) {
    erase(position, position + 1);
    return position;
  }
  Client& client = *entries_[position].client;
  const std::size_t first = first_of(client);
  drop(client);
  return first;
}

void Thread::find_failed() noexcept {
  bool found = false;
  for (std::size_t position = kFirst; position < count_;) {
    const DWORD result = WaitForSingleObject(handles_[position], 0);
    if (result == WAIT_TIMEOUT) {
      ++position;
      continue;
    }
    found = true;
    if (result == WAIT_FAILED) {
      const Entry& entry = entries_[position];
      position = settle(position, entry.client->on_failed(entry.index, GetLastError()));
    } else {
      position = on_taken(position);
    }
  }
  // No handle is to blame, so the system must be short of something. Trying again at once would take the processor.
  if (!found) Sleep(1);
}

void Thread::wait_together() noexcept {
  const auto count = static_cast<DWORD>(together_.handles.size());
  const DWORD result = WaitForMultipleObjectsEx(count, together_.handles.data(), TRUE, INFINITE, TRUE);
  if (result == WAIT_IO_COMPLETION) return;
  if (result == WAIT_FAILED) {
    together_.client->on_failed(together_.first, GetLastError());
  } else {
    together_.client->on_signaled(together_.first, clock::now());
  }
  leave_together();
}

void Thread::leave_together() noexcept {
  const Placement left = std::exchange(together_, {});
  {
    const std::scoped_lock lock(mutex_);
    alertable_ = false;
  }
  used_.fetch_sub(room_for(left));
  left.client->on_left();
}

void Thread::expire() noexcept {
  timer_.forget();
  const std::int64_t now = clock::now();
  for (std::size_t index = 0; index < record_count_;) {
    if (records_[index].deadline > now) {
      ++index;
      continue;
    }
    const ComPtr<Client> client = records_[index].client;
    client->on_due();
    drop(*client);
  }
}

DWORD Thread::set_timer() noexcept {
  if (record_count_ == 0) return kIdleMs;
  std::int64_t earliest = kNever;
  for (std::size_t index = 0; index < record_count_; ++index) earliest = std::min(earliest, records_[index].deadline);
  return timer_.set(earliest);
}

std::size_t Thread::first_of(const Client& client) const noexcept {
  std::size_t position = kFirst;
  while (position < count_ && entries_[position].client != &client) ++position;
  return position;
}

void Thread::drop(Client& client) noexcept {
  const std::size_t first = first_of(client);
  std::size_t end = first;
  while (end < count_ && entries_[end].client == &client) ++end;
  erase(first, end);
  for (std::size_t index = 0; index < record_count_; ++index) {
    if (records_[index].client.get() != &client) continue;
    const Record record = std::exchange(records_[index], std::move(records_[record_count_ - 1]));
    records_[--record_count_] = {};
    used_.fetch_sub(record.reserved);
    record.client->on_left();
    return;
  }
}

void Thread::erase(std::size_t first, std::size_t end) noexcept {
  std::move(handles_.begin() + end, handles_.begin() + count_, handles_.begin() + first);
  std::move(entries_.begin() + end, entries_.begin() + count_, entries_.begin() + first);
  count_ -= end - first;
}

}  // namespace rtworkq::waiter
