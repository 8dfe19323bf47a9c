// A wait for several handles: until any of them is signaled, or until all have been. One operation, however many
// handles; each of them waits at RTWorkQ by itself, so there may be more than the 64 of WaitForMultipleObjects.
//
//   any   the first that is signaled settles the wait; what others take after that is given back
//   all   each signal is kept when it comes, and all are given back where the wait ends before the last
//
// Where RTWorkQ says that a wait has failed, the whole has failed.

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

  /// Looks at all handles, then waits for those that are not signaled, unless it shall only look. It may have fired
  /// before this returns. Once, on the JavaScript thread.
  Outcome begin(bool looks_only) noexcept;

  bool stop(State to) noexcept override;
  /// The value is the index of the handle that has settled the wait.
  Completion completion() noexcept override { return {status_, fired_at_, static_cast<double>(index_)}; }
  bool has_taken() const noexcept override { return true; }
  void delivered(bool heard) noexcept override;

 private:
  class Member;

  ~MultipleWait() override;

  // On the JavaScript thread or one of RTWorkQ's.
  void on_signaled(Member& member, HRESULT status) noexcept;
  /// Ends the waits, but for what has settled the whole where that was heard of.
  void end(bool keep) noexcept;

  const Until until_;
  // Until the last callback is over.
  const ComPtr<WorkQueue> queue_;
  // The JavaScript thread's, or that of RTWorkQ's thread which finds that thread ended. Each holds this until its
  // callback is over.
  std::vector<ComPtr<Member>> members_;
  std::atomic<std::size_t> left_;
  // Written by whoever has left pending, read after the sink's list has handed the wait over.
  HRESULT status_ = S_OK;
  std::int64_t fired_at_ = 0;
  std::size_t index_ = 0;
};

}  // namespace rtworkq
