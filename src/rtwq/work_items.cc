// GetParameters and Invoke run on RTWorkQ's threads, drop_shares and end on those and the JavaScript thread, Release on
// any thread; everything else runs on the JavaScript thread that made the items.

#include "rtwq/work_items.h"

#include "base/clock.h"

#include <utility>

namespace rtworkq {

WorkItems::WorkItems(CompletionSink& sink, OperationId id, WorkQueue& queue, std::unique_ptr<const NativeWork> work,
                     std::uint32_t count) noexcept
    : ComOperation(sink, id, Hold::put_many),
      queue_id_(queue.id()),
      count_(count),
      queue_(queue.hold()),
      work_(std::move(work)),
      put_shares_(count + 1) {}

Outcome WorkItems::put(LONG priority) noexcept {
  results_ = Results::make(count_);
  if (!results_) return {E_OUTOFMEMORY, Function::RtwqPutWorkItem};
  for (std::uint32_t index = 0; index < count_; ++index) {
    const Outcome outcome = put_one(priority);
    put_failed_ = outcome.failed();
    if (put_failed_) return outcome;
    --put_shares_;
  }
  drop_shares(std::exchange(put_shares_, 0));
  return {};
}

Outcome WorkItems::put_one(LONG priority) noexcept {
  ComPtr<IRtwqAsyncResult> result;
  const HRESULT created = api().RtwqCreateAsyncResult(nullptr, this, nullptr, result.put());
  if (FAILED(created)) return {created, Function::RtwqCreateAsyncResult};
  return {api().RtwqPutWorkItem(queue_id_, priority, result.get()), Function::RtwqPutWorkItem};
}

bool WorkItems::stop(State to) noexcept {
  if (!leave_pending(to)) return false;
  drop_shares(std::exchange(put_shares_, 0));
  return true;
}

HRESULT WorkItems::GetParameters(DWORD* flags, DWORD* queue) noexcept {
  return answer_parameters(queue_id_, flags, queue);
}

HRESULT WorkItems::Invoke(IRtwqAsyncResult* result) noexcept {
  const std::int64_t now = clock::now();
  const std::uint32_t index = begun_.fetch_add(1, std::memory_order_relaxed);
  // A callback ran twice.
  if (index >= count_) return S_OK;
  if (pending()) {
    const HRESULT status = result ? result->GetStatus() : S_OK;
    results_->fired_at[index] = now;
    results_->status[index] = static_cast<std::uint32_t>(work_ ? work_->run(status, index) : status);
  }
  drop_shares(1);
  return S_OK;
}

void WorkItems::drop_shares(std::uint32_t shares) noexcept {
  const std::uint32_t all = count_ + 1;
  const std::uint32_t before = shares_done_.fetch_add(shares, std::memory_order_acq_rel);
  if (before < all && before + shares >= all) end();
}

void WorkItems::end() noexcept {
  const bool fired = leave_pending(State::fired);
  if (fired) report();
  // A put that failed may still lead to a callback, and there is no way to know when that returns. So everything, the
  // hold on the platform too, is kept until RTWorkQ has released this object.
  if (put_failed_) return;
  // Wine leaks the items of serial queues, and with them this object, so release its members here.
  if (!fired) results_.reset();
  work_.reset();
  queue_.reset();
  release_hold();
}

Completion WorkItems::completion() noexcept { return {S_OK, 0, 0, std::move(results_)}; }

void WorkItems::delivered(bool received) noexcept {
  if (!received) results_.reset();
}

}  // namespace rtworkq
