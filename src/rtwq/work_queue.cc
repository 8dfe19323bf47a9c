// unlock runs on Windows' thread pool; destroy, finish and the destructor on any thread; everything else on JavaScript
// threads.

#include "rtwq/work_queue.h"

#include <utility>

namespace rtworkq {
namespace {

constexpr DWORD kWineSerialQueueMs = 100;

/// Wraps a queue that an RTWorkQ function has just locked.
Outcome adopt(CompletionSink& sink, HRESULT result, Function function, DWORD id, const ComPtr<WorkQueue>& target,
              ComPtr<WorkQueue>& queue) {
  if (SUCCEEDED(result)) queue = make<WorkQueue>(&sink, id, target);
  return {result, function};
}

ComPtr<CompletionSink> shared(CompletionSink* sink) {
  return sink ? ComPtr<CompletionSink>::share(*sink) : ComPtr<CompletionSink>();
}

}  // namespace

WorkQueue::WorkQueue(CompletionSink* sink, DWORD id, ComPtr<WorkQueue> target) noexcept
    : sink_(shared(sink)), id_(id), target_(std::move(target)) {
  if (sink_) sink_->on_hold_added(Hold::queue);
}

WorkQueue::~WorkQueue() {
  if (sink_) sink_->on_hold_released(Hold::queue);
}

ComPtr<WorkQueue> WorkQueue::system(DWORD id) { return make<WorkQueue>(nullptr, id, ComPtr<WorkQueue>()); }

Outcome WorkQueue::allocate(CompletionSink& sink, RTWQ_WORKQUEUE_TYPE type, ComPtr<WorkQueue>& queue) {
  DWORD id = 0;
  const HRESULT result = api().RtwqAllocateWorkQueue(type, &id);
  return adopt(sink, result, Function::RtwqAllocateWorkQueue, id, {}, queue);
}

Outcome WorkQueue::allocate_serial(CompletionSink& sink, const ComPtr<WorkQueue>& target, ComPtr<WorkQueue>& queue) {
  DWORD id = 0;
  const HRESULT result = api().RtwqAllocateSerialWorkQueue(target->id(), &id);
  return adopt(sink, result, Function::RtwqAllocateSerialWorkQueue, id, target, queue);
}

Outcome WorkQueue::lock_shared(CompletionSink& sink, const wchar_t* usage_class, LONG base_priority, DWORD& task,
                               ComPtr<WorkQueue>& queue) {
  DWORD id = 0;
  // The regular-priority queue has no task, so it must not get a task id.
  DWORD* const task_id = *usage_class ? &task : nullptr;
  const HRESULT result = api().RtwqLockSharedWorkQueue(usage_class, base_priority, task_id, &id);
  return adopt(sink, result, Function::RtwqLockSharedWorkQueue, id, {}, queue);
}

Outcome WorkQueue::lock(CompletionSink& sink, DWORD id, ComPtr<WorkQueue>& queue) {
  return adopt(sink, api().RtwqLockWorkQueue(id), Function::RtwqLockWorkQueue, id, {}, queue);
}

void WorkQueue::destroy() noexcept {
  if (!sink_) {
    delete this;
  } else if (!TrySubmitThreadpoolCallback(unlock, this, nullptr)) {
    // Out of memory. Leaving the queue locked is better than a deadlock on one of its threads.
    finish(E_OUTOFMEMORY);
  }
}

void CALLBACK WorkQueue::unlock(PTP_CALLBACK_INSTANCE instance, void* context) {
  // The queue's last callback may not have returned yet, and RTWorkQ may wait for it.
  CallbackMayRunLong(instance);
  auto* queue = static_cast<WorkQueue*>(context);
  // Wine still uses a serial queue for a moment after its last callback returns.
  if (queue->target_ && wine_version()) Sleep(kWineSerialQueueMs);
  queue->finish(api().RtwqUnlockWorkQueue(queue->id_));
}

void WorkQueue::finish(HRESULT result) noexcept {
  const ComPtr<Notice> notice = std::move(unlock_notice_);
  if (!notice) Failure::report(*sink_, {result, Function::RtwqUnlockWorkQueue});
  delete this;
  // Last: code that waits for the queue's end must find it gone.
  if (notice) notice->complete(result);
}

}  // namespace rtworkq
