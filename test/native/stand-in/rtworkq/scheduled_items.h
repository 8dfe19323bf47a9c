// Scheduled work items. A pending item owns references to its async result and its queue.

#pragma once

#include "rtworkq/async_result.h"
#include "rtworkq/timers.h"
#include "rtworkq/work_queue.h"

namespace stand_in {

class ScheduledItems {
 public:
  explicit ScheduledItems(Timers& timers) noexcept : timers_(timers) {}

  /// RtwqScheduleWorkItem for an existing queue. `timeout` is in milliseconds, 0 or negative. Any thread.
  HRESULT add(std::shared_ptr<WorkQueue> queue, ComPtr<IRtwqAsyncResult> result, INT64 timeout, RTWQWORKITEM_KEY& key);

  /// True if the item was pending: it will never be invoked, and has released its async result. Any thread.
  bool cancel(RTWQWORKITEM_KEY key) { return timers_.cancel(key); }

 private:
  Timers& timers_;
};

}  // namespace stand_in
