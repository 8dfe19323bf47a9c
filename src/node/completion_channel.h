// Carries completions from RTWorkQ's threads to one JavaScript thread: a lock-free list of fired operations, and ONE
// thread-safe function that is called only when the list was empty. However many operations fire while JavaScript is
// busy, the thread wakes once and takes them all. After delivering items that were put or invoked, the thread polls
// briefly for more (polling.h). If callbacks keep it busy, it lets the rest of the event loop run first.
//
// Ownership: the environment, the thread-safe function (until its finalizer runs), every operation and every locked
// queue hold a reference to the channel; the list holds a reference to each operation on it. Operations can outlive the
// environment, so the channel has a gate: once it is closed, no callback touches Node.

#pragma once

#include "base/com.h"
#include "base/operation.h"
#include "node/polling.h"

#include <node_api.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace rtworkq {

class CompletionChannel final : public RefCounted<CompletionSink> {
 public:
  /// The JavaScript thread's side of the channel.
  class Listener {
   public:
    /// Delivers fired operations in order, linked by `next`, and removes them from the list; the listener takes over
    /// their references. It may leave some for the next turn. Returns true if more may follow immediately. JavaScript
    /// thread.
    virtual bool on_fired(Operation*& operations) = 0;
    /// Arranges for `come_back` to be called once the event loop has advanced; false if it cannot. JavaScript thread.
    virtual bool put_off() = 0;

   protected:
    ~Listener() = default;
  };

  explicit CompletionChannel(Listener& listener) noexcept : listener_(&listener) {}

  // --- The JavaScript thread ---

  /// Creates the thread-safe function, unref'd. `resource` is its async resource.
  napi_status open(napi_env env, napi_value resource);
  /// Refs or unrefs the thread-safe function.
  void keep_loop_alive(napi_env env, bool alive) noexcept;
  /// Runs the turn that was put off.
  void come_back();
  /// How many operations and locked queues must still end before the platform may be released.
  std::uint32_t outstanding() const noexcept { return outstanding_.load(); }
  /// How many of them are of a kind.
  std::uint32_t held(Hold hold) const noexcept { return held_[static_cast<std::size_t>(hold)].load(); }
  /// Whether an operation has fired, once and for all, that the listener has not taken.
  bool has_undelivered() const noexcept;
  /// Completes `notice` when nothing is outstanding, possibly right away. Replaces an earlier notice. JavaScript
  /// receives it after everything that has fired before.
  void notify_when_idle(ComPtr<Notice> notice) noexcept;
  /// Closes the gate: no callback can enter it after this.
  void close_gate() noexcept;
  /// Waits (at most five seconds) until no callback is inside the gate, then drops the list and releases the
  /// thread-safe function.
  void close() noexcept;
  /// Takes over the environment's lease and abandons it once nothing is outstanding.
  void inherit_lease() noexcept;

  // --- Any thread ---

  bool on_fired(Operation& operation) noexcept override;
  void on_hold_added(Hold hold) noexcept override;
  void on_hold_released(Hold hold) noexcept override;

 private:
  ~CompletionChannel() override = default;

  static void call_js(napi_env env, napi_value callback, void* context, void* is_polling_turn);

  // Turns on the JavaScript thread. A callback that finds the list empty wakes it (woken_turn). The thread schedules
  // its own turn to poll for more (polling_turn). A turn that is put off runs after the rest of the event loop.
  void woken_turn();
  void polling_turn();
  void put_off_turn();
  /// `polled`: in a polling_turn.
  void deliver(bool polled);
  /// Takes the whole list, oldest first, linked by `next`. The caller owns the references.
  Operation* take() noexcept;
  /// Whether there is nothing to deliver.
  bool empty() const noexcept;
  /// Marks the empty list so that no callback wakes this thread, because a turn is already scheduled.
  bool mark_polling() noexcept;
  /// Spins until an operation arrives, at most for Polling::spin_limit().
  void spin() noexcept;

  // Stored in fired_ instead of null while the list is empty and a turn is already scheduled.
  Operation* polling_mark() const noexcept {
    return reinterpret_cast<Operation*>(const_cast<CompletionChannel*>(this));
  }

  bool enter() noexcept;
  void leave() noexcept { gate_.fetch_sub(1); }
  void wake() noexcept;
  void abandon_inherited_lease() noexcept;
  ComPtr<Notice> exchange_notice(ComPtr<Notice> notice) noexcept;
  void notify_idle() noexcept;

  // gate_: the top bit means closed; the other bits count the threads inside.
  static constexpr std::uint32_t kClosed = 0x8000'0000u;

  std::atomic<std::uint32_t> gate_{0};
  std::atomic<Operation*> fired_{nullptr};
  // When the thread was last woken.
  std::atomic<std::int64_t> woken_at_{0};
  std::atomic<std::uint32_t> outstanding_{0};
  std::array<std::atomic<std::uint32_t>, kHolds> held_{};
  std::atomic<Notice*> idle_{nullptr};  // owns a reference
  std::atomic<bool> lease_inherited_{false};
  napi_threadsafe_function function_ = nullptr;
  // JavaScript thread only from here on. Null once the gate is closed.
  Listener* listener_;
  Polling polling_;
  // Woken turns since one was last put off.
  int woken_turns_ = 0;
  // Whether a turn is put off.
  bool put_off_ = false;
  // What the listener has left for the next turn.
  Operation* rest_ = nullptr;
  // Whether the next polling turn may spin: it was scheduled because more may follow, not because something is left.
  bool may_spin_ = false;
};

}  // namespace rtworkq
