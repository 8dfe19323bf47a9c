// A wait for any or all of several handles. It is one operation, but RTWorkQ waits for each handle separately, so there
// can be more than WaitForMultipleObjects' 64.
//
//   any   the first signaled handle settles the wait; signals that others take after that are restored
//   all   each signal is taken as it arrives; if the wait ends before the last one, all are restored
//
// If RTWorkQ reports that one wait has failed, the operation fails.

#pragma once

#include "rtwq/api.h"
#include "rtwq/operation.h"
#include "rtwq/waitable.h"
#include "rtwq/work_queue.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace rtworkq {

class MultipleWait final : public RefCounted<Operation> {
 public:
  enum class Until : bool { any, all };

  /// The callbacks run on `queue`.
  MultipleWait(CompletionSink& sink, OperationId id, WorkQueue& queue, Until until, std::vector<WaitTarget> targets);

  /// Polls all handles, then (unless `poll_only`) starts to wait for those that are not signaled. The operation may
  /// fire before this returns. Call it once, on the JavaScript thread.
  Outcome begin(bool poll_only) noexcept;

  bool stop(State to) noexcept override;
  /// The value is the index of the handle that settled the wait.
  Completion completion() noexcept override { return {status_, fired_at_, static_cast<double>(index_)}; }
  bool holds_signal() const noexcept override { return true; }
  void delivered(bool received) noexcept override;

 private:
  class Member;

  ~MultipleWait() override;

  // On the JavaScript thread or an RTWorkQ thread.
  void on_signaled(Member& member, HRESULT status) noexcept;
  /// Gives up all members. With `keep`, the signals that settled the wait are kept.
  void end(bool keep) noexcept;

  const Until until_;
  // Released with the last reference: every member's callback holds one.
  const ComPtr<WorkQueue> queue_;
  // Used by the JavaScript thread, or by the RTWorkQ thread that finds that thread ended. Each member holds this object
  // until its callback returns.
  std::vector<ComPtr<Member>> members_;
  std::atomic<std::size_t> remaining_;
  // Written by the thread that left pending; read after the wait was taken off the sink's list.
  HRESULT status_ = S_OK;
  std::int64_t fired_at_ = 0;
  std::size_t index_ = 0;
};

}  // namespace rtworkq
