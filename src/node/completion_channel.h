// From RTWorkQ's threads to one JavaScript thread: a lock-free list of fired operations and ONE thread-safe function,
// which is called only when the list was empty. However many operations fire while JavaScript is busy, it is woken once
// and takes them all. After what was put or invoked, it looks for more by itself for a moment (polling.h). Where it is
// kept busy, the rest of its event loop comes first.
//
// Owners: the environment, the thread-safe function (until its finalizer has run) and every operation hold references;
// the list holds one to each operation that is on it. An operation may outlive the environment, so the channel has a
// gate: behind a closed gate nothing of Node is touched.

#pragma once

#include "node/polling.h"
#include "rtwq/com.h"
#include "rtwq/operation.h"

#include <node_api.h>

#include <atomic>
#include <cstdint>

namespace rtworkq {

class CompletionChannel final : public RefCounted<CompletionSink> {
 public:
  /// The JavaScript thread's side of the channel.
  class Listener {
   public:
    /// Operations have fired, in this order, linked by `next`; their references are the listener's now. True where more
    /// may come at once. On the JavaScript thread.
    virtual bool on_fired(Operation* operations) = 0;
    /// Has `come_back` called when the event loop has gone on. False where that cannot be. On the JavaScript thread.
    virtual bool put_off() = 0;

   protected:
    ~Listener() = default;
  };

  explicit CompletionChannel(Listener& listener) noexcept : listener_(&listener) {}

  // --- The JavaScript thread ---

  /// Makes the thread-safe function, which does not keep the loop alive yet.
  napi_status open(napi_env env);
  /// Whether the thread-safe function keeps the loop alive.
  void keep_loop_alive(napi_env env, bool alive) noexcept;
  /// The turn that was put off.
  void come_back();
  /// What RTWorkQ has not let go of: unsettled operations, settled ones that are still on their way, locked queues.
  std::uint32_t outstanding() const noexcept { return outstanding_.load(); }
  /// Has it told when nothing is outstanding, which may be at once. Takes the place of what waits for that already.
  void tell_when_idle(ComPtr<Notice> notice) noexcept;
  /// Shuts the gate. No callback touches Node after this.
  void close_gate() noexcept;
  /// Waits, for a bounded time, until no callback is between the gate's posts, then lets go of the list and of the
  /// thread-safe function.
  void close() noexcept;
  /// Takes over the environment's lease, and abandons it when nothing is outstanding any more.
  void inherit_lease() noexcept;

  // --- Any thread ---

  bool on_fired(Operation& operation) noexcept override;
  void on_held() noexcept override { outstanding_.fetch_add(1); }
  void on_let_go() noexcept override;

 private:
  ~CompletionChannel() override = default;

  static void call_js(napi_env env, napi_value callback, void* context, void* own_turn);

  // The turns of the JavaScript thread. Whoever finds the list empty wakes it for one; it gives itself an own one to
  // look for more; one that it puts off comes when the rest of its event loop has had its own.
  void woken_turn();
  void own_turn();
  void put_off_turn();
  void deliver(bool own);
  /// The fired operations in the order in which they fired, linked by `next`, each with a reference.
  Operation* take() noexcept;
  /// Has nobody wake this thread, for which a turn is on its way.
  bool attend() noexcept;
  /// Waits for a moment until something comes.
  void look() noexcept;

  // In place of an empty list's null while a turn is on its way that nobody has to wake this thread for.
  Operation* attended() noexcept { return reinterpret_cast<Operation*>(this); }

  bool enter() noexcept;
  void leave() noexcept { gate_.fetch_sub(1); }
  void wake() noexcept;
  void abandon_inherited_lease() noexcept;
  ComPtr<Notice> exchange_notice(ComPtr<Notice> notice) noexcept;
  void tell_idle() noexcept;

  // The gate: the top bit says closed, the rest counts the threads inside.
  static constexpr std::uint32_t kClosed = 0x8000'0000u;

  std::atomic<std::uint32_t> gate_{0};
  std::atomic<Operation*> fired_{nullptr};
  // When the thread was woken last.
  std::atomic<std::int64_t> woken_at_{0};
  std::atomic<std::uint32_t> outstanding_{0};
  std::atomic<Notice*> idle_{nullptr};  // with a reference
  std::atomic<bool> lease_inherited_{false};
  napi_threadsafe_function function_ = nullptr;
  // The JavaScript thread's; null once the gate is closed.
  Listener* listener_;
  Polling polling_;
  // Those since one was put off.
  int woken_turns_ = 0;
  // Whether one is.
  bool put_off_ = false;
};

}  // namespace rtworkq
