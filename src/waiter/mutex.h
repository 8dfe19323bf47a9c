// A mutex, and the thread that owns it for JavaScript: Windows ties a mutex to the thread that acquired it. The thread
// runs from the first acquisition until end(). It acquires and releases, for one acquisition after the other:
//
//            acquired, or abandoned by its last owner
//   waiting -----------------------------------------> owning
//      ^                                                 |
//      +------------------- release() -------------------+
//
// While it owns the mutex, it does not wait for it: Windows would let it acquire the mutex once more. If it ends while
// it owns the mutex, Windows tells the next owner, in any process, that the mutex was abandoned.
//
// JavaScript posts requests, which the thread carries out between two waits.
//
// Ownership: counted. The thread holds a reference until it ends; so do JavaScript's handle and the acquisitions.

#pragma once

#include "base/com.h"
#include "base/handle.h"
#include "base/operation.h"
#include "base/outcome.h"
#include "handles/wait_target.h"
#include "waiter/answers.h"
#include "waiter/client.h"
#include "waiter/deadline_timer.h"

#include <windows.h>

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

namespace rtworkq::waiter {

class Mutex;

/// Waits in the queue of a mutex, until the mutex's thread settles it.
class Acquisition final : public RefCounted<Operation> {
 public:
  /// The values of a completion.
  enum class End : std::int8_t { removed = -2, timeout = -1, acquired = 0, abandoned = 1 };

  /// `deadline` is in ticks of the performance counter.
  Acquisition(CompletionSink& sink, OperationId id, ComPtr<Answers> answers, ComPtr<Mutex> mutex,
              std::int64_t deadline) noexcept;

  // JavaScript thread.

  /// Puts it in the mutex's queue. Call it once.
  Outcome begin();
  /// Asks for the end, and returns false: the completion tells how it ended.
  bool stop(State to) noexcept override;
  Completion completion() noexcept override;
  bool holds_signal() const noexcept override { return acquired_; }
  bool gives_back() const noexcept override { return true; }
  void give_back() noexcept override;

  // The mutex's thread.

  std::int64_t deadline() const noexcept { return deadline_; }
  /// Whether JavaScript knows that it owns the mutex.
  bool received() const noexcept { return received_.load(); }
  void settle(End end, HRESULT error = S_OK) noexcept;

 private:
  ~Acquisition() override;

  const ComPtr<Answers> answers_;
  const ComPtr<Mutex> mutex_;
  const std::int64_t deadline_;
  bool begun_ = false;

  // Written by the thread that settles it, before it reports.
  End end_ = End::removed;
  HRESULT error_ = S_OK;
  std::int64_t fired_at_ = 0;
  bool acquired_ = false;
  std::atomic<bool> received_{false};
};

class Mutex final : public RefCounted<Counted> {
 public:
  /// What happens to a mutex that is owned.
  enum class Then : bool { release, abandon };

  /// The mutex behind a handle, which is duplicated at the first acquisition.
  explicit Mutex(HANDLE handle) noexcept : source_(handle) {}

  // --- JavaScript thread ---

  /// Starts the thread, unless it runs.
  Outcome acquire(Acquisition& acquisition);
  /// Releases what is owned. Blocks until the thread has done it.
  Outcome release();
  /// Ends the thread, and removes all acquisitions. Blocks until that is done.
  void end(Then then);
  /// Closes the duplicate. After end().
  void close() noexcept { handle_ = {}; }

  // --- Any thread ---

  /// Asks the thread to remove an acquisition. Does nothing if it is settled.
  void remove(Acquisition& acquisition);
  /// If the acquisition owns the mutex, gives it up: the next owner finds the mutex as the thread found it. Blocks
  /// until the thread has done it.
  void give_back(Acquisition& acquisition);

  /// The machine has resumed from sleep.
  static void resume_all();

  /// The thread's main function.
  void run() noexcept;

 private:
  enum class Kind : std::uint8_t { acquire, remove, release, give_back, end, resume };
  enum class Life : std::uint8_t { running, ending, handing_over };

  struct Request {
    Kind kind = Kind::acquire;
    ComPtr<Acquisition> acquisition{};
    Then then = Then::release;
    /// Where the caller, which blocks, expects the outcome.
    Outcome* outcome = nullptr;
  };

  ~Mutex() override = default;

  Outcome prepare();
  /// False if the thread does not run.
  bool post(Request request);
  Outcome call(Request request);

  // --- The mutex's thread ---

  void carry_out_requests() noexcept;
  void answer(const Request& request) noexcept;
  Outcome carry_out(const Request& request) noexcept;
  void remove_from_queue(const Acquisition& acquisition) noexcept;
  void give_back_from(const Acquisition& acquisition) noexcept;
  Outcome release_owned() noexcept;
  void end_owned(Then then) noexcept;
  bool is_wanted() const noexcept;
  /// Waits for a request, a deadline or, if it is wanted, the mutex.
  void wait() noexcept;
  /// Takes the mutex if it is free. False if it is not.
  bool look() noexcept;
  void take(Acquisition::End end) noexcept;
  void fail(HRESULT error) noexcept;
  void expire() noexcept;
  void settle_all(Acquisition::End end, HRESULT error = S_OK) noexcept;
  /// Has another thread go on, if there is something to do. This one ends, so that Windows sees the mutex as abandoned.
  void hand_over() noexcept;
  /// No thread goes on.
  void leave(HRESULT error) noexcept;

  const HANDLE source_;
  WaitTarget handle_;
  UniqueHandle control_;
  // Set when a blocking request has been carried out. One JavaScript thread at a time blocks.
  UniqueHandle answered_;
  std::atomic<DWORD> thread_id_{0};

  // Held for microseconds, and while a thread is created.
  std::mutex mutex_;
  std::vector<Request> requests_;
  bool running_ = false;

  // Only the mutex's thread uses what follows.
  DeadlineTimer timer_;
  std::deque<ComPtr<Acquisition>> queue_;
  // The earliest deadline in the queue, or an earlier one of an acquisition that has left.
  std::int64_t earliest_ = kNever;
  // The acquisition through which the thread owns the mutex, and whether the last owner had abandoned it.
  ComPtr<Acquisition> owner_;
  bool was_abandoned_ = false;
  // Why the handle cannot be used: other code has closed it.
  HRESULT broken_ = S_OK;
  Life life_ = Life::running;
};

/// Owns a mutex's thread, and ends it. JavaScript thread.
class MutexOwner {
 public:
  MutexOwner() noexcept = default;
  MutexOwner(MutexOwner&& other) noexcept = default;
  MutexOwner& operator=(MutexOwner&& other) noexcept {
    std::swap(mutex_, other.mutex_);
    return *this;
  }
  ~MutexOwner() { end(Mutex::Then::abandon); }

  /// The mutex with this handle.
  const ComPtr<Mutex>& get(HANDLE handle) {
    if (!mutex_) mutex_ = make<Mutex>(handle);
    return mutex_;
  }

  void end(Mutex::Then then) noexcept {
    if (!mutex_) return;
    mutex_->end(then);
    mutex_->close();
    mutex_.reset();
  }

 private:
  ComPtr<Mutex> mutex_;
};

}  // namespace rtworkq::waiter
