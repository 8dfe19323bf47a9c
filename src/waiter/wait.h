// A user's wait for any or all of several handles. The waiter's threads decide how it ends, and so does only one thing:
//
//   signaled   a thread has taken the signal, or the last one that was missing
//   timeout    the deadline has passed, and the threads have found nothing signaled
//   removed    JavaScript asked for the end, and the threads have taken nothing
//   failed     a handle cannot be waited for
//
// Until JavaScript has received the result, the wait can give back what it took.
//
//   any   all handles are on one thread, or in groups of 62 on several. Two groups may then take a signal at the same
//         time; the second one is given back.
//   all   up to 64 handles are waited for together: all signals are taken at once, or none. More handles are taken one
//         by one, and given back if the wait does not complete.

#pragma once

#include "base/outcome.h"
#include "handles/wait_target.h"
#include "waiter/answers.h"
#include "waiter/client_operation.h"
#include "waiter/thread.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace rtworkq::waiter {

enum class Until : bool { any, all };

using Targets = std::vector<WaitTarget>;

/// Looks at the handles once, on the calling thread, without waiting. `index` receives the handle that is signaled, or
/// -1: then nothing is taken.
Outcome poll(const Targets& targets, Until until, double& index);

/// Fails with E_INVALIDARG if Windows cannot wait for the targets together because one of them is listed twice.
Outcome check_distinct(const Targets& targets, Until until);

class Wait final : public RefCounted<ClientOperation> {
 public:
  Wait(CompletionSink& sink, OperationId id, ComPtr<Answers> answers, Until until, Targets targets);

  // JavaScript thread.

  /// Gives the handles to the waiter's threads. `deadline` is in ticks of the performance counter. Call it once.
  Outcome begin(std::int64_t deadline);
  /// Asks for the end, and returns false: the completion tells how the wait ended.
  bool stop(State to) noexcept override;
  /// The value is the index of the handle that ended the wait, -1 for a timeout, -2 if it was removed.
  Completion completion() noexcept override;
  bool holds_signal() const noexcept override { return signaled_; }
  bool gives_back() const noexcept override { return true; }
  void give_back() noexcept override;

  // The waiter's threads.

  Then on_signaled(std::size_t index, std::int64_t now) noexcept override;
  Then on_failed(std::size_t index, DWORD error) noexcept override;
  void on_due() noexcept override;
  void on_left() noexcept override;
  bool looks_before_leaving() const noexcept override { return end_.load() == End::timeout; }

 private:
  /// How the wait ends if no signal ends it.
  enum class End : std::uint8_t { open, timeout, removed, failed };

  ~Wait() override = default;

  bool together() const noexcept { return until_ == Until::all && targets_.size() <= Thread::kTogether; }
  Outcome place_all(std::int64_t deadline);
  Outcome place(Placement placement);
  bool is_on_several_threads() const noexcept { return together() || targets_.size() > Thread::kCapacity; }
  void remove_from_threads() noexcept;
  void end_with(End end) noexcept;
  Then fail(HRESULT error) noexcept;
  /// Notes what a thread has taken. True if that was a mutex.
  bool take(std::size_t index) noexcept;
  void restore_taken() noexcept;

  const ComPtr<Answers> answers_;
  const Until until_;
  Targets targets_;
  // With Until::all: which signals have been taken, and how many are missing. Each is written by the thread that has
  // the handle.
  std::vector<char> taken_;
  std::atomic<std::size_t> missing_;
  std::atomic<End> end_{End::open};
  std::atomic<HRESULT> error_{S_OK};
  // Threads that have handles of this wait, plus one while begin() runs.
  std::atomic<std::size_t> users_{1};
  // begin() has failed before anything ended the wait.
  bool abandoned_ = false;

  // Guards threads_: begin() adds to it while threads that already have handles read it.
  std::mutex mutex_;
  std::vector<ComPtr<Thread>> threads_;

  // Written by the thread that settles the wait, before it reports.
  std::int64_t fired_at_ = 0;
  std::size_t index_ = 0;
  bool signaled_ = false;
};

}  // namespace rtworkq::waiter
