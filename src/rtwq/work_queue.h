// One lock on an RTWorkQ work queue, or one of the queues that every process has. The environment that made it and
// every operation on it hold references. When the last reference goes, on any thread, a thread of Windows' pool unlocks
// the queue: RtwqUnlockWorkQueue must not run on the queue's own threads, may wait for them, and may drop queued items.
//
// Created and used on JavaScript threads.

#pragma once

#include "base/operation.h"
#include "rtwq/api.h"

#include <cstdint>

namespace rtworkq {

class WorkQueue final : public RefCounted<Counted> {
 public:
  /// One of kStandardQueue, kMultithreadedQueue, kLongFunctionQueue: never unlocked.
  static ComPtr<WorkQueue> system(DWORD id);
  /// RtwqAllocateWorkQueue.
  static Outcome allocate(CompletionSink& sink, RTWQ_WORKQUEUE_TYPE type, ComPtr<WorkQueue>& queue);
  /// RtwqAllocateSerialWorkQueue. The new queue holds a reference to its target.
  static Outcome allocate_serial(CompletionSink& sink, const ComPtr<WorkQueue>& target, ComPtr<WorkQueue>& queue);
  /// RtwqLockSharedWorkQueue. `task` is in and out; it is not used for the usage class "".
  static Outcome lock_shared(CompletionSink& sink, const wchar_t* usage_class, LONG base_priority, DWORD& task,
                             ComPtr<WorkQueue>& queue);
  /// RtwqLockWorkQueue.
  static Outcome lock(CompletionSink& sink, DWORD id, ComPtr<WorkQueue>& queue);

  /// Takes over a lock that the caller has just taken. `sink` is null for the process's own queues.
  WorkQueue(CompletionSink* sink, DWORD id, ComPtr<WorkQueue> target) noexcept;

  DWORD id() const noexcept { return id_; }

  /// Keeps the queue locked for an operation. Null for the process's own queues: they are never unlocked, and all
  /// threads would contend for their reference counts.
  ComPtr<WorkQueue> hold() noexcept { return sink_ ? ComPtr<WorkQueue>::share(*this) : ComPtr<WorkQueue>(); }

  /// Completes `notice` once the queue has been unlocked.
  void notify_when_unlocked(ComPtr<Notice> notice) noexcept { unlock_notice_ = std::move(notice); }

 private:
  ~WorkQueue() override;

  void destroy() noexcept override;
  static void CALLBACK unlock(PTP_CALLBACK_INSTANCE instance, void* context);
  void finish(HRESULT result) noexcept;

  const ComPtr<CompletionSink> sink_;  // null for the process's own queues
  const DWORD id_;
  const ComPtr<WorkQueue> target_;
  ComPtr<Notice> unlock_notice_;
};

/// A callback's answer to GetParameters: the queue to run on. Called on any thread, more than once. `queue_id` must be
/// a real id: with 0, Wine loses scheduled items.
inline HRESULT answer_parameters(DWORD queue_id, DWORD* flags, DWORD* queue) noexcept {
  if (!flags || !queue) return E_POINTER;
  *flags = 0;
  *queue = queue_id;
  return S_OK;
}

}  // namespace rtworkq
