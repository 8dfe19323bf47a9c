// Work items that wait for a handle, or (without one) only to be cancelled. Each owns its async result, its queue, and
// a duplicate of the handle, so that the handle cannot be closed during the wait.
//
// A pending item is in the map. Either the wait's callback or cancel() removes it, under the lock, and delivers it
// once.

#pragma once

#include "common/lock.h"
#include "rtworkq/async_result.h"
#include "rtworkq/work_queue.h"

#include <map>
#include <memory>

namespace stand_in {

class WaitingItems : public std::enable_shared_from_this<WaitingItems> {
 public:
  /// RtwqPutWaitingWorkItem for an existing queue. Any thread.
  HRESULT add(std::shared_ptr<WorkQueue> queue, HANDLE handle, LONG priority, ComPtr<IRtwqAsyncResult> result,
              RTWQWORKITEM_KEY& key);

  /// True if the item was pending. It is invoked later, as cancelled unless its object was signalled in the meantime.
  /// Any thread.
  bool cancel(RTWQWORKITEM_KEY key);

  /// Drops all pending items without invoking them. Never call it on a wait's pool thread.
  void close();

 private:
  class Item;
  using Items = std::map<RTWQWORKITEM_KEY, std::shared_ptr<Item>>;

  std::shared_ptr<Item> take(RTWQWORKITEM_KEY key);

  Lock lock_;
  Items pending_;
  bool closed_ = false;
};

}  // namespace stand_in
