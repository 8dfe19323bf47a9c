// GetParameters, Invoke and arm_again run on RTWorkQ's threads, arm and delivered on those and the JavaScript thread,
// Release on any thread; everything else runs on the JavaScript thread that made the item.

#include "rtwq/work_item.h"

#include "base/clock.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rtworkq {
namespace {

// 24 days. Longer delays are split, so that we never reach the limits of RTWorkQ or of the timers below it.
constexpr double kMaxDelayMs = 2'147'483'647;

// Rescheduling takes up to a tick (16 ms). Being up to 1 ms early is better than being that late.
constexpr double kEarlyToleranceMs = 1.0;

constexpr HRESULT kNotFound = static_cast<HRESULT>(0xC00D36D5);  // RTWQ_E_NOT_FOUND

// A clock that is a tick ahead causes one or two. After more than this, fire anyway: other code shares the queue.
constexpr int kMaxEarlyCalls = 16;

}  // namespace

WorkItem::WorkItem(CompletionSink& sink, OperationId id, Hold hold, WorkQueue& queue,
                   std::unique_ptr<const NativeWork> work) noexcept
    : ComOperation(sink, id, hold), queue_id_(queue.id()), queue_(queue.hold()), work_(std::move(work)) {}

void WorkItem::renew(OperationId id, Hold hold, WorkQueue& queue) noexcept {
  returned_.store(false, std::memory_order_relaxed);
  awaited_.store(nullptr, std::memory_order_relaxed);
  queue_id_ = queue.id();
  queue_ = queue.hold();
  ComOperation::renew(id, hold);
}

Outcome WorkItem::create_result(ComPtr<IRtwqAsyncResult>& result, IUnknown* state) noexcept {
  return {api().RtwqCreateAsyncResult(nullptr, this, state, result.put()), Function::RtwqCreateAsyncResult};
}

Outcome WorkItem::prepare_result(ComPtr<IRtwqAsyncResult>& result, HRESULT status) noexcept {
  if (const Outcome created = result ? Outcome{} : create_result(result); created.failed()) return created;
  result->SetStatus(status);
  return {};
}

Outcome WorkItem::schedule(std::int64_t milliseconds) noexcept {
  ComPtr<IRtwqAsyncResult> result;
  if (const Outcome created = create_result(result); created.failed()) return created;
  const double now = clock::to_milliseconds(clock::now());
  due_ = now + static_cast<double>(milliseconds);
  RTWQWORKITEM_KEY key = 0;
  const HRESULT scheduled = arm(*result, now, static_cast<double>(milliseconds), key);
  // If the callback has already rescheduled the item, keep its newer key.
  RTWQWORKITEM_KEY no_key = 0;
  key_.compare_exchange_strong(no_key, key);
  return {scheduled, Function::RtwqScheduleWorkItem};
}

HRESULT WorkItem::arm(IRtwqAsyncResult& result, double now, double milliseconds, RTWQWORKITEM_KEY& key) noexcept {
  const double delay = std::ceil(std::min(milliseconds, kMaxDelayMs));
  armed_until_ = now + delay;
  return api().RtwqScheduleWorkItem(&result, -static_cast<INT64>(delay), &key);
}

bool WorkItem::arm_again(IRtwqAsyncResult& called, double now, double milliseconds) noexcept {
  if (armed_until_ - now > kEarlyToleranceMs && ++early_calls_ > kMaxEarlyCalls) return false;
  ComPtr<IRtwqAsyncResult> result;
  if (create_result(result, &called).failed()) return false;
  RTWQWORKITEM_KEY key = 0;
  awaited_.store(&called);
  // If rescheduling fails, fire now: early is better than never. Unless RTWorkQ calls all the same.
  if (FAILED(arm(*result, now, milliseconds, key))) return awaited_.exchange(called_mark()) == called_mark();
  // On a multithreaded queue the next callback may have overtaken this one, so this key may be the older one. stop()
  // then cancels a key that is gone, and RTWorkQ releases the item a tick later: only an interval of a tick or less is
  // short enough for that.
  key_.store(key);
  // A stop() between the two calls cancelled the old key; a later one sees the new key.
  if (!pending()) cancel(key);
  return true;
}

Outcome WorkItem::put(LONG priority, ComPtr<IRtwqAsyncResult>& result) noexcept {
  if (const Outcome prepared = prepare_result(result, S_OK); prepared.failed()) return prepared;
  return {api().RtwqPutWorkItem(queue_id_, priority, result.get()), Function::RtwqPutWorkItem};
}

Outcome WorkItem::wait(WaitTarget target, LONG priority) noexcept {
  ComPtr<IRtwqAsyncResult> result;
  if (const Outcome created = create_result(result); created.failed()) return created;
  target_ = std::move(target);
  RTWQWORKITEM_KEY key = 0;
  const HRESULT put = api().RtwqPutWaitingWorkItem(target_.get(), priority, result.get(), &key);
  key_.store(key);
  return {put, Function::RtwqPutWaitingWorkItem};
}

Outcome WorkItem::invoke(HRESULT status, ComPtr<IRtwqAsyncResult>& result) noexcept {
  if (const Outcome prepared = prepare_result(result, status); prepared.failed()) return prepared;
  return {api().RtwqInvokeCallback(result.get()), Function::RtwqInvokeCallback};
}

bool WorkItem::stop(State to) noexcept {
  if (!leave_pending(to)) return false;
  // The item is already settled. Cancelling only lets RTWorkQ drop it early. An item that was put has no key: it stays
  // on its queue and does nothing when it runs.
  if (const RTWQWORKITEM_KEY current = key(); current != 0) cancel(current);
  return true;
}

void WorkItem::cancel(RTWQWORKITEM_KEY key) noexcept {
  const HRESULT result = api().RtwqCancelWorkItem(key);
  // Otherwise the callback has run, or is about to.
  if (result != kNotFound) Failure::report(sink(), {result, Function::RtwqCancelWorkItem});
}

HRESULT WorkItem::GetParameters(DWORD* flags, DWORD* queue) noexcept {
  return answer_parameters(queue_id_, flags, queue);
}

HRESULT WorkItem::Invoke(IRtwqAsyncResult* result) noexcept {
  const std::int64_t now = clock::now();
  const void* state = result ? result->GetStateNoAddRef() : nullptr;
  if (!awaited_.compare_exchange_strong(state, called_mark())) return S_OK;
  const double milliseconds = clock::to_milliseconds(now);
  const double left = due_ - milliseconds;
  const bool early = result && left > kEarlyToleranceMs && pending();
  if (early && arm_again(*result, milliseconds, left)) return S_OK;
  const HRESULT status = result ? result->GetStatus() : S_OK;
  if (leave_pending(State::fired)) {
    fired_at_ = now;
    status_ = work_ ? work_->run(status) : status;
    // The native work has used the signal, so it is not restored.
    if (work_) target_ = {};
    report();
  } else {
    // Stopped, but if the status is a success, a wait has consumed the signal.
    status_ = status;
    delivered(false);
  }
  work_.reset();
  queue_.reset();
  release_hold();
  returned_.store(true, std::memory_order_release);
  return S_OK;
}

void WorkItem::delivered(bool received) noexcept {
  if (!received && SUCCEEDED(status_)) target_.restore_signal();
  target_ = {};
}

}  // namespace rtworkq
