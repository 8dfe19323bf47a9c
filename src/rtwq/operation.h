// What is under way at RTWorkQ for a JavaScript thread, and where it reports. Every kind of operation has one atomic
// state that decides who settles it:
//
//   pending --> fired      by RTWorkQ's thread
//           --> cancelled  by the JavaScript thread that made it
//           --> closed     by that thread's shutdown or end, or by the end of its work queue
//
// Whoever moves the state out of `pending` settles the operation, once. An operation that repeats (a periodic callback)
// reports many times while it is pending and never becomes `fired`.
//
// References: the environment holds one while the operation is unsettled, the sink one while it has it on its list,
// RTWorkQ others for as long as it likes.

#pragma once

#include "rtwq/clock.h"
#include "rtwq/com.h"
#include "rtwq/results.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace rtworkq {

class Operation;

/// The environment's name for an operation: a slot in the low bits, above them how often the slot was used before. So a
/// name that is over is found to be no slot's.
using OperationId = std::uint64_t;

/// Where operations report. Reference-counted, because an operation may outlive the environment that made it.
class CompletionSink : public Counted {
 public:
  /// On an RTWorkQ thread: never blocks, never throws. False when nobody can hear of it any more.
  virtual bool on_fired(Operation& operation) noexcept = 0;
  /// On any thread: there is something more, something less, that has to be over before the platform is given back.
  virtual void on_held() noexcept = 0;
  virtual void on_let_go() noexcept = 0;

 protected:
  ~CompletionSink() = default;
};

/// What an operation tells when it has fired.
struct Completion {
  HRESULT status = S_OK;
  std::int64_t fired_at = 0;                   // the performance counter
  double value = 0;                            // what the kind of operation has to say besides
  std::unique_ptr<Results> results = nullptr;  // of work items that are reported together
};

class Operation : public Counted {
 public:
  enum class State : std::uint8_t { pending, fired, cancelled, closed };
  /// Whether it has to be over before the platform is given back.
  enum class Holds : bool { nothing, platform };

  Operation(CompletionSink& sink, OperationId id, Holds holds) noexcept
      : sink_(ComPtr<CompletionSink>::share(sink)), id_(id) {
    if (holds == Holds::platform) hold();
  }
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  /// Moves the state from pending to `to`, and takes the operation out of RTWorkQ where that is possible. True when
  /// this call is what settled it. JavaScript thread.
  virtual bool stop(State to) noexcept = 0;

  /// What it has reported. JavaScript thread, after the sink's list has handed the operation over.
  virtual Completion completion() noexcept = 0;

  /// Whether it goes on after it has reported.
  virtual bool repeats() const noexcept { return false; }

  /// Whether it has taken something that is to be given back where nobody hears of it.
  virtual bool has_taken() const noexcept { return false; }

  /// It has reported, and JavaScript has been told or never will be. On the JavaScript thread, or on RTWorkQ's where
  /// that thread has ended. Only for what has taken something.
  virtual void delivered(bool /*heard*/) noexcept {}

  OperationId id() const noexcept { return id_; }

  /// Links the sink's list of fired operations; nobody else's.
  Operation* next = nullptr;

 protected:
  ~Operation() { let_go(); }

  /// Makes it another operation, which holds the platform. On the JavaScript thread, after RTWorkQ's last call.
  void renew(OperationId id) noexcept {
    id_ = id;
    state_.store(State::pending, std::memory_order_relaxed);
    hold();
  }

  bool pending() const noexcept { return state_.load() == State::pending; }

  bool leave_pending(State to) noexcept {
    State expected = State::pending;
    return state_.compare_exchange_strong(expected, to);
  }

  void report() noexcept {
    if (!sink_->on_fired(*this)) delivered(false);
  }

  /// RTWorkQ will not call any more. At the end of the callback, because its last reference may go much later or, as
  /// with the items of Wine's serial queues, never; where no callback comes, at that reference's end.
  void let_go() noexcept {
    if (holds_platform_.exchange(false)) sink_->on_let_go();
  }

 private:
  void hold() noexcept {
    holds_platform_.store(true, std::memory_order_relaxed);
    sink_->on_held();
  }

  const ComPtr<CompletionSink> sink_;
  OperationId id_;
  std::atomic<bool> holds_platform_{false};
  std::atomic<State> state_{State::pending};
};

/// An operation that somebody tells that it has come to pass: the end of a work queue, of all that is outstanding.
class Notice final : public RefCounted<Operation> {
 public:
  Notice(CompletionSink& sink, OperationId id, Holds holds) noexcept : RefCounted(sink, id, holds) {}

  /// On any thread.
  void tell(HRESULT result) noexcept {
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

/// An operation that is the COM object which RTWorkQ calls.
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
