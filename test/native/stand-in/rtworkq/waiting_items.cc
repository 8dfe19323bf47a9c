// on_signalled() runs on a pool thread, everything else on callers' threads. The wait's callback has a plain pointer to
// its item. The item is owned by the map or, once removed from it, by the code that removed it, which waits for the
// callback before it releases the item.

#include "rtworkq/waiting_items.h"

#include "rtworkq/keys.h"
#include "rtworkq/unique_handle.h"

#include <atomic>
#include <new>
#include <utility>

namespace stand_in {

class WaitingItems::Item {
 public:
  Item(std::shared_ptr<WaitingItems> owner, RTWQWORKITEM_KEY key, std::shared_ptr<WorkQueue> queue, LONG priority,
       ComPtr<IRtwqAsyncResult> result, UniqueHandle handle)
      : owner_(std::move(owner)),
        key_(key),
        queue_(std::move(queue)),
        priority_(priority),
        result_(std::move(result)),
        handle_(std::move(handle)),
        wait_(handle_ ? CreateThreadpoolWait(on_signalled, this, nullptr) : nullptr) {
    if (handle_ && !wait_) throw std::bad_alloc();
  }

  ~Item() {
    // May run in the wait's own callback; the pool then frees the wait when the callback returns.
    if (wait_) CloseThreadpoolWait(wait_);
  }

  Item(const Item&) = delete;
  Item& operator=(const Item&) = delete;

  void start() {
    if (wait_) SetThreadpoolWait(wait_, handle_.get(), nullptr);
  }

  /// Stops waiting for the object. A callback may still be running.
  void disarm() {
    if (wait_) SetThreadpoolWait(wait_, nullptr, nullptr);
  }

  /// Stops the wait and waits for a running callback, which is short. After this, the callback never runs.
  void stop() {
    disarm();
    if (wait_) WaitForThreadpoolWaitCallbacks(wait_, FALSE);
  }

  bool signalled() const { return signalled_; }

  void deliver() { queue_->put(priority_, invocation_of(std::move(result_))); }

  void deliver_as_cancelled() {
    result_->SetStatus(RTWQ_E_OPERATION_CANCELLED);
    deliver();
  }

 private:
  static void CALLBACK on_signalled(PTP_CALLBACK_INSTANCE, void* context, PTP_WAIT, TP_WAIT_RESULT) {
    Item& item = *static_cast<Item*>(context);
    item.signalled_ = true;
    if (const auto taken = item.owner_->take(item.key_)) taken->deliver();
  }

  const std::shared_ptr<WaitingItems> owner_;
  const RTWQWORKITEM_KEY key_;
  const std::shared_ptr<WorkQueue> queue_;
  const LONG priority_;
  ComPtr<IRtwqAsyncResult> result_;  // until it is delivered
  const UniqueHandle handle_;
  const PTP_WAIT wait_;
  std::atomic<bool> signalled_{false};
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
  pending_.emplace(given, item);
  item->start();
  return S_OK;
}

std::shared_ptr<WaitingItems::Item> WaitingItems::take(RTWQWORKITEM_KEY key) {
  const Guard guard(lock_);
  auto node = pending_.extract(key);
  return node ? std::move(node.mapped()) : nullptr;
}

bool WaitingItems::cancel(RTWQWORKITEM_KEY key) {
  auto item = take(key);
  if (!item) return false;
  // Disarm before returning, so that a signal set after this call is not consumed.
  item->disarm();
  run_on_pool([item = std::move(item)] {
    item->stop();
    if (item->signalled()) {
      item->deliver();
    } else {
      item->deliver_as_cancelled();
    }
  });
  return true;
}

void WaitingItems::close() {
  Items dropped;
  {
    const Guard guard(lock_);
    closed_ = true;
    dropped.swap(pending_);
  }
  for (const auto& [key, item] : dropped) item->stop();
}

}  // namespace stand_in
