// Work items that wait for a handle, or only for being cancelled. Each owns its async result, its queue, and a handle
// of its own to the object, so that no wait ever meets a handle that is closed.
//
// A pending item is in the map. Whoever takes it out, under the lock, delivers it, once: the wait's callback when the
// object was signalled, or cancel().

#pragma once

#include "common/lock.h"
#include "rtworkq/async_result.h"
#include "rtworkq/work_queue.h"

#include <map>
#include <memory>

namespace stand_in {

class WaitingItems : public std::enable_shared_from_this<WaitingItems> {
 public:
  /// RtwqPutWaitingWorkItem on a known queue. Any thread.
  HRESULT add(std::shared_ptr<WorkQueue> queue, HANDLE handle, LONG priority, ComPtr<IRtwqAsyncResult> result,
              RTWQWORKITEM_KEY& key);

  /// Whether the item was pending. It is invoked later, as cancelled unless its object was signalled all the same. Any
  /// thread.
  bool cancel(RTWQWORKITEM_KEY key);

  /// Lets go of everything that is pending, unseen. Never on a pool thread of a wait.
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
