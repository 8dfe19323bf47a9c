// QueryInterface, GetParameters and Invoke run on RTWorkQ's threads, Release on any thread, the rest on the JavaScript
// thread that made the item.

#include "rtwq/work_item.h"

#include <algorithm>

namespace rtworkq {
namespace {

// RTWorkQ counts in 100 ns from the year 1601: longer delays would overflow there and fire at once. Some 14,600 years.
constexpr std::int64_t kLongestDelay = (std::int64_t{1} << 62) / 10'000;

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
  const INT64 timeout = -std::min(milliseconds, kLongestDelay);
  return {api().RtwqScheduleWorkItem(result.get(), timeout, &key_), Function::RtwqScheduleWorkItem};
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
  if (key_ != 0) api().RtwqCancelWorkItem(key_);
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
  LARGE_INTEGER now;
  QueryPerformanceCounter(&now);
  if (!leave_pending(State::fired)) return S_OK;
  fired_at_ = now.QuadPart;
  status_ = result ? result->GetStatus() : S_OK;
  sink_->on_fired(*this);
  return S_OK;
}

}  // namespace rtworkq
