// GetParameters and Invoke run on RTWorkQ's threads, Release on any thread, the rest on the JavaScript thread that made
// the item.

#include "rtwq/work_item.h"

#include "rtwq/clock.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rtworkq {
namespace {

// Longer delays are made of several, so that no range of RTWorkQ or of the timers below it is ever tested. 24 days.
constexpr double kLongestMs = 2'147'483'647;

// Scheduling again costs a tick, up to 16 ms. Less than this early is better than that late.
constexpr double kToleratedMs = 1.0;

// A clock that is a tick ahead takes one or two. Something is wrong beyond this, and the queue is shared.
constexpr int kMostEarlyCalls = 16;

}  // namespace

WorkItem::WorkItem(CompletionSink& sink, OperationId id, WorkQueue& queue,
                   std::unique_ptr<const NativeWork> work) noexcept
    : ComOperation(sink, id, Holds::platform), queue_id_(queue.id()), queue_(queue.keep()), work_(std::move(work)) {}

void WorkItem::renew(OperationId id, WorkQueue& queue) noexcept {
  returned_.store(false, std::memory_order_relaxed);
  called_.store(false, std::memory_order_relaxed);
  queue_id_ = queue.id();
  queue_ = queue.keep();
  ComOperation::renew(id);
}

Outcome WorkItem::create_result(ComPtr<IRtwqAsyncResult>& result) noexcept {
  return {api().RtwqCreateAsyncResult(nullptr, this, nullptr, result.put()), Function::RtwqCreateAsyncResult};
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
  // Unless the callback has scheduled the item again meanwhile: its key is the younger one.
  RTWQWORKITEM_KEY none = 0;
  key_.compare_exchange_strong(none, key);
  return {scheduled, Function::RtwqScheduleWorkItem};
}

HRESULT WorkItem::arm(IRtwqAsyncResult& result, double now, double milliseconds, RTWQWORKITEM_KEY& key) noexcept {
  const double delay = std::ceil(std::min(milliseconds, kLongestMs));
  armed_until_ = now + delay;
  return api().RtwqScheduleWorkItem(&result, -static_cast<INT64>(delay), &key);
}

bool WorkItem::arm_again(IRtwqAsyncResult& result, double now, double milliseconds) noexcept {
  if (armed_until_ - now > kToleratedMs && ++early_calls_ > kMostEarlyCalls) return false;
  RTWQWORKITEM_KEY key = 0;
  // Where RTWorkQ refuses, early is better than never.
  if (FAILED(arm(result, now, milliseconds, key))) return false;
  // On a multithreaded queue the next callback may have overtaken this one here, and this key be the older. A stop()
  // finds it gone then, and RTWorkQ lets go of the item a tick later: only a tick's rest is short enough to overtake.
  key_.store(key);
  // A stop() between the two calls has cancelled the old key; one from here on finds the new one.
  if (!pending()) api().RtwqCancelWorkItem(key);
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
  // The state has decided already. This only lets RTWorkQ forget the item early; an item that was put has no key and
  // passes through its queue unheard.
  if (const RTWQWORKITEM_KEY current = key(); current != 0) api().RtwqCancelWorkItem(current);
  return true;
}

HRESULT WorkItem::GetParameters(DWORD* flags, DWORD* queue) noexcept {
  return answer_parameters(queue_id_, flags, queue);
}

HRESULT WorkItem::Invoke(IRtwqAsyncResult* result) noexcept {
  const std::int64_t now = clock::now();
  const double milliseconds = clock::to_milliseconds(now);
  const double left = due_ - milliseconds;
  const bool early = result && left > kToleratedMs && pending();
  if (early && arm_again(*result, milliseconds, left)) return S_OK;
  if (called_.exchange(true)) return S_OK;
  const HRESULT status = result ? result->GetStatus() : S_OK;
  if (leave_pending(State::fired)) {
    fired_at_ = now;
    status_ = work_ ? work_->run(status) : status;
    // Native work has made use of what a wait has taken.
    if (work_) target_ = {};
    report();
  } else {
    // Given up, yet a wait has taken the signal where its status is a success.
    status_ = status;
    delivered(false);
  }
  work_.reset();
  queue_.reset();
  let_go();
  returned_.store(true, std::memory_order_release);
  return S_OK;
}

void WorkItem::delivered(bool heard) noexcept {
  if (!heard && SUCCEEDED(status_)) target_.restore_signal();
  target_ = {};
}

}  // namespace rtworkq
