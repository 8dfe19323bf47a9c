// Work items that wait for a handle, or (without one) only to be cancelled. Each owns its async result, its queue, and
// a duplicate of the handle, so that the handle cannot be closed during the wait.
//
// A pending item is in the map. Its wait thread removes it when it has taken the signal, and cancel() when it asks the
// thread to end the wait. The thread decides which came first, and delivers the item once.

#pragma once

#include "common/lock.h"
#include "rtworkq/async_result.h"
#include "rtworkq/wait_thread.h"
#include "rtworkq/work_queue.h"

#include <map>
#include <memory>
#include <vector>

namespace stand_in {

class WaitingItems : public std::enable_shared_from_this<WaitingItems> {
 public:
  /// RtwqPutWaitingWorkItem for an existing queue. Any thread.
  HRESULT add(std::shared_ptr<WorkQueue> queue, HANDLE handle, LONG priority, ComPtr<IRtwqAsyncResult> result,
              RTWQWORKITEM_KEY& key);

  /// True if the item was pending. It is invoked later, as cancelled unless its signal has been taken. A signal that
  /// arrives after this call is not taken. Any thread.
  bool cancel(RTWQWORKITEM_KEY key);

  /// Drops the items whose signals have not been taken, without invoking them. Never call it on a wait thread.
  void close();

 private:
  class Item;

  struct Pending {
    std::shared_ptr<Item> item;
    std::shared_ptr<WaitThread> thread;  // null without a handle
  };

  using Items = std::map<RTWQWORKITEM_KEY, Pending>;

  void take(RTWQWORKITEM_KEY key);
  std::shared_ptr<WaitThread> thread_with_room();

  Lock lock_;
  Items pending_;
  std::vector<std::shared_ptr<WaitThread>> threads_;  // they live as long as the platform
  bool closed_ = false;
};

}  // namespace stand_in
