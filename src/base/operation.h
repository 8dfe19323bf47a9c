// Operations that run for a JavaScript thread, at RTWorkQ or the waiter, and the sink that they report to. Each
// operation has one atomic state that decides who settles it:
//
//   pending --> fired      by a thread of RTWorkQ or the waiter
//           --> cancelled  by the JavaScript thread that made it
//           --> closed     by that thread's shutdown or end, or because its work queue was closed
//
// The thread that moves the state out of `pending` settles the operation, exactly once. A repeating operation (such as
// a periodic callback) reports many times while it is pending and never becomes `fired`.
//
// Ownership: the environment holds a reference while the operation is unsettled, the sink holds one while the operation
// is on its list, and RTWorkQ and the waiter may hold references for any length of time.

#pragma once

#include "base/clock.h"
#include "base/com.h"
#include "base/outcome.h"
#include "base/results.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace rtworkq {

class Operation;

/// The environment's id for an operation: the slot in the low bits and, above them, how often the slot was used before.
/// So an outdated id does not match the slot's current operation.
using OperationId = std::uint64_t;

/// What must end before the platform may be released. Must match HELD in lib/internal/environment.ts.
enum class Hold : std::uint8_t { nothing, schedule, put, put_many, invoke, wait, queue, other };
inline constexpr std::size_t kHolds = static_cast<std::size_t>(Hold::other) + 1;

/// Receives the reports of operations. Reference-counted, because operations can outlive their environment.
class CompletionSink : public Counted {
 public:
  /// On any thread, usually one of RTWorkQ's or the waiter's. Never blocks or throws. False if the environment has
  /// ended, so nothing can be delivered.
  virtual bool on_fired(Operation& operation) noexcept = 0;
  /// On any thread: one more, or one fewer, operation or queue that must end before the platform may be released.
  virtual void on_hold_added(Hold hold) noexcept = 0;
  virtual void on_hold_released(Hold hold) noexcept = 0;

 protected:
  ~CompletionSink() = default;
};

/// What an operation reports when it fires.
struct Completion {
  HRESULT status = S_OK;
  std::int64_t fired_at = 0;                   // the performance counter
  double value = 0;                            // depends on the kind of operation
  std::unique_ptr<Results> results = nullptr;  // only for work items that report together
};

class Operation : public Counted {
 public:
  enum class State : std::uint8_t { pending, fired, cancelled, closed };

  /// `hold`: what it is, if it must end before the platform may be released.
  Operation(CompletionSink& sink, OperationId id, Hold hold) noexcept
      : sink_(ComPtr<CompletionSink>::share(sink)), id_(id) {
    add_hold(hold);
  }
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  /// Moves the state from pending to `to` and, if possible, cancels the operation in RTWorkQ. True if this call settled
  /// it. JavaScript thread.
  virtual bool stop(State to) noexcept = 0;

  /// What it has reported. JavaScript thread, after the operation was taken off the sink's list.
  virtual Completion completion() noexcept = 0;

  /// Whether it can report again.
  virtual bool repeats() const noexcept { return false; }

  /// Whether it has taken a signal that must be restored if JavaScript never handles the completion.
  virtual bool holds_signal() const noexcept { return false; }

  /// Called after a report: whether JavaScript has received the completion, or never will. On the JavaScript thread, or
  /// on the thread that fired it if that thread has ended. If received, only called when holds_signal().
  virtual void delivered(bool received) noexcept {
    if (!received) give_back();
  }

  /// Whether give_back() can do something.
  virtual bool gives_back() const noexcept { return false; }
  /// Gives back the signals that it has taken and JavaScript has not received. JavaScript thread, when no other thread
  /// uses the operation.
  virtual void give_back() noexcept {}

  OperationId id() const noexcept { return id_; }

  /// Links the sink's list of fired operations. Only the sink and its listener use it.
  Operation* next = nullptr;

 protected:
  ~Operation() { release_hold(); }

  /// Turns this into a new operation, which holds the platform. JavaScript thread, after RTWorkQ's last call.
  void renew(OperationId id, Hold hold) noexcept {
    id_ = id;
    state_.store(State::pending, std::memory_order_relaxed);
    add_hold(hold);
  }

  bool pending() const noexcept { return state_.load() == State::pending; }

  bool leave_pending(State to) noexcept {
    State expected = State::pending;
    return state_.compare_exchange_strong(expected, to);
  }

  void report() noexcept {
    if (!sink_->on_fired(*this)) delivered(false);
  }

  /// RTWorkQ will not call again. Called at the end of the callback, because RTWorkQ may drop its last reference much
  /// later or, as with items of Wine's serial queues, never. Without a callback, the destructor calls it.
  void release_hold() noexcept {
    if (const Hold released = hold_.exchange(Hold::nothing); released != Hold::nothing) {
      sink_->on_hold_released(released);
    }
  }

  CompletionSink& sink() const noexcept { return *sink_; }

 private:
  void add_hold(Hold hold) noexcept {
    hold_.store(hold, std::memory_order_relaxed);
    if (hold != Hold::nothing) sink_->on_hold_added(hold);
  }

  const ComPtr<CompletionSink> sink_;
  OperationId id_;
  std::atomic<Hold> hold_{Hold::nothing};
  std::atomic<State> state_{State::pending};
};

/// An operation that other code completes: when a work queue is unlocked, or when nothing is outstanding any more.
class Notice final : public RefCounted<Operation> {
 public:
  Notice(CompletionSink& sink, OperationId id, Hold hold) noexcept : RefCounted(sink, id, hold) {}

  /// On any thread.
  void complete(HRESULT result) noexcept {
    if (!leave_pending(State::fired)) return;
    result_ = result;
    fired_at_ = clock::now();
    report();
  }

  bool stop(State to) noexcept override { return leave_pending(to); }
  Completion completion() noexcept override { return {result_, fired_at_, 0}; }

 private:
  ~Notice() override = default;

  HRESULT result_ = S_OK;
  std::int64_t fired_at_ = 0;
};

/// A call that has failed, although no caller waits for its result. JavaScript warns of it.
class Failure final : public RefCounted<Operation> {
 public:
  /// The id of all failures, -1 in JavaScript. They have no slot.
  static constexpr OperationId kId = ~OperationId{0};

  /// Any thread. Does nothing if the call has succeeded.
  static void report(CompletionSink& sink, const Outcome& outcome) noexcept {
    if (!outcome.failed()) return;
    const auto failure = ComPtr<Failure>::adopt(new (std::nothrow) Failure(sink, outcome));
    if (failure) failure->Operation::report();
  }

  bool stop(State to) noexcept override { return leave_pending(to); }
  /// The value is the function.
  Completion completion() noexcept override {
    return {outcome_.result, 0, static_cast<double>(static_cast<std::uint32_t>(outcome_.function))};
  }

 private:
  Failure(CompletionSink& sink, const Outcome& outcome) noexcept
      : RefCounted(sink, kId, Hold::nothing), outcome_(outcome) {}
  ~Failure() override = default;

  const Outcome outcome_;
};

/// An operation that is itself the COM object that RTWorkQ calls.
template <class Interface>
struct CalledOperation : Interface, Operation {
  using Operation::Operation;
};

template <class Interface>
class ComOperation : public ComObject<Interface, CalledOperation<Interface>> {
 public:
  using ComObject<Interface, CalledOperation<Interface>>::ComObject;
};

}  // namespace rtworkq
