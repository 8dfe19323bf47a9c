// QueryInterface, GetParameters and Invoke run on RTWorkQ's threads, Release on any thread, the rest on the JavaScript
// thread that made the item.

#include "rtwq/work_item.h"

#include "rtwq/clock.h"

#include <algorithm>
#include <cmath>

namespace rtworkq {
namespace {

// RTWorkQ counts in 100 ns from the year 1601: longer delays would overflow there and fire at once. Some 14,600 years.
constexpr double kLongestDelay = static_cast<double>((std::int64_t{1} << 62) / 10'000);

// Re-arming costs a tick, up to 16 ms. Less than this early is better than that late.
constexpr double kToleratedMs = 1.0;

/// A delay as RtwqScheduleWorkItem wants it: negative, in whole milliseconds, never too short.
INT64 timeout(double milliseconds) noexcept {
  return -static_cast<INT64>(std::ceil(std::min(milliseconds, kLongestDelay)));
}

}  // namespace

WorkItem::WorkItem(CompletionSink& sink, std::uint32_t slot, DWORD queue) noexcept
    : sink_(ComPtr<CompletionSink>::share(sink)), slot_(slot), queue_(queue) {
  sink_->on_made();
}

WorkItem::~WorkItem() { sink_->on_destroyed(); }

Outcome WorkItem::schedule(std::int64_t milliseconds) noexcept {
  ComPtr<IRtwqAsyncResult> result;
  if (const HRESULT created = api().RtwqCreateAsyncResult(nullptr, this, nullptr, result.put()); FAILED(created)) {
    return {created, Function::RtwqCreateAsyncResult};
  }
  const auto delay = static_cast<double>(milliseconds);
  due_ = clock::to_milliseconds(clock::now()) + delay;
  RTWQWORKITEM_KEY key = 0;
  const HRESULT scheduled = api().RtwqScheduleWorkItem(result.get(), timeout(delay), &key);
  // Unless the callback has re-armed the item meanwhile: its key is the younger one.
  RTWQWORKITEM_KEY none = 0;
  key_.compare_exchange_strong(none, key);
  return {scheduled, Function::RtwqScheduleWorkItem};
}

bool WorkItem::arm_again(IRtwqAsyncResult* result, double milliseconds) noexcept {
  RTWQWORKITEM_KEY key = 0;
  if (FAILED(api().RtwqScheduleWorkItem(result, timeout(milliseconds), &key))) return false;
  key_.store(key);
  return true;
}

Outcome WorkItem::put(LONG priority) noexcept {
  ComPtr<IRtwqAsyncResult> result;
  if (const HRESULT created = api().RtwqCreateAsyncResult(nullptr, this, nullptr, result.put()); FAILED(created)) {
    return {created, Function::RtwqCreateAsyncResult};
  }
  return {api().RtwqPutWorkItem(queue_, priority, result.get()), Function::RtwqPutWorkItem};
}

bool WorkItem::leave_pending(State to) noexcept {
  State expected = State::pending;
  return state_.compare_exchange_strong(expected, to, std::memory_order_acq_rel);
}

bool WorkItem::stop(State to) noexcept {
  if (!leave_pending(to)) return false;
  // The state has decided already. This only lets RTWorkQ forget the item early; an item that was put has no key and
  // passes through its queue unheard.
  // A key that re-arming is just replacing misses; then the callback comes to find the state changed.
  if (const RTWQWORKITEM_KEY current = key(); current != 0) api().RtwqCancelWorkItem(current);
  return true;
}

HRESULT WorkItem::QueryInterface(REFIID id, void** object) noexcept {
  if (!object) return E_POINTER;
  *object = nullptr;
  if (!IsEqualIID(id, __uuidof(IUnknown)) && !IsEqualIID(id, __uuidof(IRtwqAsyncCallback))) return E_NOINTERFACE;
  *object = static_cast<IRtwqAsyncCallback*>(this);
  AddRef();
  return S_OK;
}

HRESULT WorkItem::GetParameters(DWORD* flags, DWORD* queue) noexcept {
  // Called on any thread, more than once. A real id: with 0 a scheduled item is lost under Wine.
  if (!flags || !queue) return E_POINTER;
  *flags = 0;
  *queue = queue_;
  return S_OK;
}

HRESULT WorkItem::Invoke(IRtwqAsyncResult* result) noexcept {
  const std::int64_t now = clock::now();
  const double early = due_ - clock::to_milliseconds(now);
  if (early > kToleratedMs && state_.load(std::memory_order_relaxed) == State::pending) {
    // Where that fails, early is better than never.
    if (arm_again(result, early)) return S_OK;
  }
  if (!leave_pending(State::fired)) return S_OK;
  fired_at_ = now;
  status_ = result ? result->GetStatus() : S_OK;
  sink_->on_fired(*this);
  return S_OK;
}

}  // namespace rtworkq
