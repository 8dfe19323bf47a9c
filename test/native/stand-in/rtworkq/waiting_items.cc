// on_taken() and on_cancelled() run on a wait thread, or on_cancelled() on the caller's thread if there is no handle.
// Everything else runs on callers' threads. Lock order: this lock, then the wait thread's lock.

#include "rtworkq/waiting_items.h"

#include "rtworkq/keys.h"
#include "rtworkq/unique_handle.h"

#include <algorithm>
#include <utility>

namespace stand_in {

class WaitingItems::Item final : public WaitThread::Wait {
 public:
  Item(std::shared_ptr<WaitingItems> owner, RTWQWORKITEM_KEY key, std::shared_ptr<WorkQueue> queue, LONG priority,
       ComPtr<IRtwqAsyncResult> result, UniqueHandle handle)
      : owner_(std::move(owner)),
        key_(key),
        queue_(std::move(queue)),
        priority_(priority),
        result_(std::move(result)),
        handle_(std::move(handle)) {}

  HANDLE handle() const noexcept override { return handle_.get(); }

  void on_taken() override {
    owner_->take(key_);
    deliver();
  }

  void on_cancelled() override {
    result_->SetStatus(RTWQ_E_OPERATION_CANCELLED);
    deliver();
  }

 private:
  void deliver() { queue_->put(priority_, invocation_of(std::move(result_))); }

  const std::shared_ptr<WaitingItems> owner_;
  const RTWQWORKITEM_KEY key_;
  const std::shared_ptr<WorkQueue> queue_;
  const LONG priority_;
  ComPtr<IRtwqAsyncResult> result_;  // until it is delivered
  const UniqueHandle handle_;
};

HRESULT WaitingItems::add(std::shared_ptr<WorkQueue> queue, HANDLE handle, LONG priority,
                          ComPtr<IRtwqAsyncResult> result, RTWQWORKITEM_KEY& key) {
  HANDLE own = nullptr;
  if (handle && !DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(), &own, SYNCHRONIZE, FALSE, 0)) {
    return HRESULT_FROM_WIN32(GetLastError());
  }
  const RTWQWORKITEM_KEY given = new_key();
  const auto item = std::make_shared<Item>(shared_from_this(), given, std::move(queue), priority, std::move(result),
                                           UniqueHandle(own));
  // Before the wait starts: the callback may run before this returns.
  key = given;
  const Guard guard(lock_);
  if (closed_) return RTWQ_E_SHUTDOWN;
  const auto thread = own ? thread_with_room() : nullptr;
  pending_.emplace(given, Pending{item, thread});
  if (thread) thread->add(item);
  return S_OK;
}

/// With the lock held.
std::shared_ptr<WaitThread> WaitingItems::thread_with_room() {
  const auto found = std::find_if(threads_.begin(), threads_.end(), [](const auto& each) { return each->has_room(); });
  if (found != threads_.end()) return *found;
  return threads_.emplace_back(WaitThread::start());
}

void WaitingItems::take(RTWQWORKITEM_KEY key) {
  Items::node_type taken;
  const Guard guard(lock_);
  taken = pending_.extract(key);
}

bool WaitingItems::cancel(RTWQWORKITEM_KEY key) {
  Items::node_type cancelled;
  Guard guard(lock_);
  cancelled = pending_.extract(key);
  if (!cancelled) return false;
  const auto& [item, thread] = cancelled.mapped();
  // Under the lock, so that the thread is not closed before.
  if (thread) thread->cancel(item);
  guard.unlock();
  if (!thread) item->on_cancelled();
  return true;
}

void WaitingItems::close() {
  Items dropped;
  std::vector<std::shared_ptr<WaitThread>> threads;
  {
    const Guard guard(lock_);
    closed_ = true;
    dropped.swap(pending_);
    threads.swap(threads_);
  }
  for (const auto& thread : threads) thread->close();
}

}  // namespace stand_in
