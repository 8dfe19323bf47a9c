// Runs on callers' threads; the work that it gives to the timers runs on their thread.

#include "rtworkq/scheduled_items.h"

#include "rtworkq/keys.h"

#include <algorithm>

namespace stand_in {
namespace {

// 100 years, to avoid overflow.
constexpr INT64 kMaxDelayMs = INT64{100} * 365 * 24 * 60 * 60 * 1000;

}  // namespace

HRESULT ScheduledItems::add(std::shared_ptr<WorkQueue> queue, ComPtr<IRtwqAsyncResult> result, INT64 timeout,
                            RTWQWORKITEM_KEY& key) {
  if (timeout > 0) return E_INVALIDARG;
  const auto due = end_of(std::chrono::milliseconds(-std::max(timeout, -kMaxDelayMs)));
  const RTWQWORKITEM_KEY given = new_key();
  Work put = [queue = std::move(queue), invocation = invocation_of(std::move(result))]() mutable {
    queue->put(0, std::move(invocation));
  };
  if (!timers_.add(given, due, std::move(put))) return RTWQ_E_SHUTDOWN;
  key = given;
  return S_OK;
}

}  // namespace stand_in
