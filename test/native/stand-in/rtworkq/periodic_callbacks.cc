// tick() runs on the timers' thread, the callbacks on the queue, everything else on callers' threads. Lock order: this
// lock, then the timers' lock.

#include "rtworkq/periodic_callbacks.h"

#include "rtworkq/keys.h"

#include <atomic>

namespace stand_in {
namespace {

constexpr auto kPeriod = std::chrono::milliseconds(10);

}  // namespace

struct PeriodicCallbacks::Entry {
  const RTWQPERIODICCALLBACK callback;
  const rtworkq::ComPtr<IUnknown> context;
  RTWQWORKITEM_KEY timer = 0;
  std::atomic<bool> in_progress{false};
};

PeriodicCallbacks::PeriodicCallbacks(Timers& timers)
    : timers_(timers),
      queue_(std::make_shared<WorkQueue>(WorkQueue::Order::serial, std::make_shared<PoolExecutor>())) {}

HRESULT PeriodicCallbacks::add(RTWQPERIODICCALLBACK callback, IUnknown* context, DWORD& key) {
  auto held = context ? rtworkq::ComPtr<IUnknown>::share(*context) : rtworkq::ComPtr<IUnknown>();
  const auto entry = std::shared_ptr<Entry>(new Entry{.callback = callback, .context = std::move(held)});
  const Guard guard(lock_);
  if (closed_) return RTWQ_E_SHUTDOWN;
  key = ++last_key_;
  entries_.emplace(key, entry);
  arm(key, *entry);
  return S_OK;
}

HRESULT PeriodicCallbacks::remove(DWORD key) {
  std::shared_ptr<Entry> removed;
  const Guard guard(lock_);
  auto node = entries_.extract(key);
  if (!node) return RTWQ_E_NOT_FOUND;
  removed = std::move(node.mapped());
  timers_.cancel(removed->timer);
  return S_OK;
}

void PeriodicCallbacks::close() {
  std::map<DWORD, std::shared_ptr<Entry>> removed;
  const Guard guard(lock_);
  closed_ = true;
  removed.swap(entries_);
  for (const auto& [key, entry] : removed) timers_.cancel(entry->timer);
}

/// With the lock held.
void PeriodicCallbacks::arm(DWORD key, Entry& entry) {
  entry.timer = new_key();
  timers_.add(entry.timer, end_of(kPeriod), [this, key] { tick(key); });
}

void PeriodicCallbacks::tick(DWORD key) {
  std::shared_ptr<Entry> entry;
  {
    const Guard guard(lock_);
    const auto found = entries_.find(key);
    if (found == entries_.end()) return;
    entry = found->second;
    arm(key, *entry);
  }
  if (entry->in_progress.exchange(true)) return;
  queue_->put(0, [entry] {
    entry->callback(entry->context.get());
    entry->in_progress = false;
  });
}

}  // namespace stand_in
