// Work items that wait for an interval to pass. A pending one owns its async result and its queue.

#pragma once

#include "rtworkq/async_result.h"
#include "rtworkq/timers.h"
#include "rtworkq/work_queue.h"

namespace stand_in {

class ScheduledItems {
 public:
  explicit ScheduledItems(Timers& timers) noexcept : timers_(timers) {}

  /// RtwqScheduleWorkItem on a known queue. `timeout` is in milliseconds, 0 or negative. Any thread.
  HRESULT add(std::shared_ptr<WorkQueue> queue, ComPtr<IRtwqAsyncResult> result, INT64 timeout, RTWQWORKITEM_KEY& key);

  /// Whether the item was pending. It is never invoked then, and has let go of its async result. Any thread.
  bool cancel(RTWQWORKITEM_KEY key) { return timers_.cancel(key); }

 private:
  Timers& timers_;
};

}  // namespace stand_in
