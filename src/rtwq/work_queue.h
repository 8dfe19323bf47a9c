// One lock on a work queue of RTWorkQ, or one of the queues that every process has. The environment that made it and
// every operation on it hold references. When the last one goes, whichever thread that is on, a thread of the system's
// pool unlocks the queue: RtwqUnlockWorkQueue must not be called on the queue's own threads, may wait for them, and may
// drop what is still queued.
//
// Made and used on JavaScript threads.

#pragma once

#include "rtwq/api.h"
#include "rtwq/operation.h"

#include <cstdint>

namespace rtworkq {

class WorkQueue final : public RefCounted<Counted> {
 public:
  /// One of kStandardQueue, kMultithreadedQueue, kLongFunctionQueue: never unlocked.
  static ComPtr<WorkQueue> system(DWORD id);
  /// RtwqAllocateWorkQueue.
  static Outcome allocate(CompletionSink& sink, RTWQ_WORKQUEUE_TYPE type, ComPtr<WorkQueue>& queue);
  /// RtwqAllocateSerialWorkQueue. The new queue keeps the target.
  static Outcome allocate_serial(CompletionSink& sink, const ComPtr<WorkQueue>& target, ComPtr<WorkQueue>& queue);
  /// RtwqLockSharedWorkQueue. `task` goes in and out; it means nothing for the usage class "".
  static Outcome lock_shared(CompletionSink& sink, const wchar_t* usage_class, LONG base_priority, DWORD& task,
                             ComPtr<WorkQueue>& queue);
  /// RtwqLockWorkQueue.
  static Outcome lock(CompletionSink& sink, DWORD id, ComPtr<WorkQueue>& queue);

  /// Constructed with a lock that somebody has just taken.
  WorkQueue(CompletionSink* sink, DWORD id, ComPtr<WorkQueue> target) noexcept;

  DWORD id() const noexcept { return id_; }

  /// Keeps the queue locked for an operation. Nothing for the process's own, whose count all threads would fight for.
  ComPtr<WorkQueue> keep() noexcept { return sink_ ? ComPtr<WorkQueue>::share(*this) : ComPtr<WorkQueue>(); }

  /// Whom to tell when the queue has been unlocked.
  void closed_by(ComPtr<Notice> closing) noexcept { closing_ = std::move(closing); }

 private:
  ~WorkQueue() override;

  void destroy() noexcept override;
  static void CALLBACK unlock(PTP_CALLBACK_INSTANCE instance, void* context);
  void settle(HRESULT result) noexcept;

  const ComPtr<CompletionSink> sink_;  // null for the process's own queues
  const DWORD id_;
  const ComPtr<WorkQueue> target_;
  ComPtr<Notice> closing_;
};

/// What a callback answers in GetParameters: the queue that it runs on. Called on any thread, more than once. A real
/// id: with 0 a scheduled item is lost under Wine.
inline HRESULT answer_parameters(DWORD queue_id, DWORD* flags, DWORD* queue) noexcept {
  if (!flags || !queue) return E_POINTER;
  *flags = 0;
  *queue = queue_id;
  return S_OK;
}

}  // namespace rtworkq
