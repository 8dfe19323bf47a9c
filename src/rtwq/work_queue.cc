// unlock and settle run on threads of the system's pool, destroy on any thread, the rest on JavaScript threads.

#include "rtwq/work_queue.h"

#include <utility>

namespace rtworkq {
namespace {

constexpr DWORD kWineSerialQueueMs = 100;

/// A queue for a lock that a function of RTWorkQ has just given.
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
  if (sink_) sink_->on_held();
}

WorkQueue::~WorkQueue() {
  if (sink_) sink_->on_let_go();
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
  // The regular-priority queue belongs to no task and wants no task id.
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
    // The system has no memory left. A queue that stays locked is better than a deadlock on one of its threads.
    settle(E_OUTOFMEMORY);
  }
}

void CALLBACK WorkQueue::unlock(PTP_CALLBACK_INSTANCE instance, void* context) {
  // The queue's last item may still be on its way out of this process's code, and RTWorkQ may wait for it.
  CallbackMayRunLong(instance);
  auto* queue = static_cast<WorkQueue*>(context);
  // Wine goes on using a serial queue for a moment after its last callback has returned, and would find it gone.
  if (queue->target_ && wine_version()) Sleep(kWineSerialQueueMs);
  queue->settle(api().RtwqUnlockWorkQueue(queue->id_));
}

void WorkQueue::settle(HRESULT result) noexcept {
  const ComPtr<Notice> closing = std::move(closing_);
  delete this;
  // Afterwards: who waits for the queue's end shall find it gone.
  if (closing) closing->tell(result);
}

}  // namespace rtworkq
