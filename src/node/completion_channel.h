// From RTWorkQ's threads to one JavaScript thread: a lock-free list of fired work items and ONE thread-safe function,
// which is called only when the list was empty. However many items fire while JavaScript is busy, it is woken once and
// takes them all.
//
// Owners: the environment, the thread-safe function (until its finalizer has run) and every work item hold references.
// A work item may outlive the environment, so the channel has a gate: behind a closed gate nothing of Node is touched.

#pragma once

#include "rtwq/com.h"
#include "rtwq/work_item.h"

#include <node_api.h>

#include <atomic>
#include <cstdint>

namespace rtworkq {

class CompletionChannel final : public RefCounted<CompletionSink> {
 public:
  /// The JavaScript thread's side of the channel.
  class Listener {
   public:
    /// Fired items wait in take(), or the last outstanding item is gone. On the JavaScript thread.
    virtual void on_wake() = 0;

   protected:
    ~Listener() = default;
  };

  explicit CompletionChannel(Listener& listener) noexcept : listener_(&listener) {}

  // --- The JavaScript thread ---

  /// Makes the thread-safe function, which does not keep the loop alive yet.
  napi_status open(napi_env env);
  /// The fired items in the order in which they fired, linked by `next`; null when there are none.
  WorkItem* take() noexcept;
  /// Whether the thread-safe function keeps the loop alive.
  void keep_loop_alive(napi_env env, bool alive) noexcept;
  /// Work items that exist: unsettled ones, and settled ones that RTWorkQ has not let go of.
  std::uint32_t outstanding() const noexcept { return outstanding_.load(); }
  /// Asks for a wake-up when the last outstanding item is gone. One may be under way already: check afterwards.
  void wake_when_idle(bool wanted) noexcept { idle_wanted_.store(wanted); }
  /// Shuts the gate. No callback touches Node after this.
  void close_gate() noexcept;
  /// Waits, for a bounded time, until no callback is between the gate's posts, then lets go of the thread-safe
  /// function.
  void close() noexcept;

  // --- Any thread ---

  void on_fired(WorkItem& item) noexcept override;
  void on_made() noexcept override { outstanding_.fetch_add(1); }
  void on_destroyed() noexcept override;

 private:
  ~CompletionChannel() override = default;

  static void call_js(napi_env env, napi_value callback, void* context, void* data);

  bool enter() noexcept;
  void leave() noexcept { gate_.fetch_sub(1); }
  void wake() noexcept;

  // The gate: the top bit says closed, the rest counts the threads inside.
  static constexpr std::uint32_t kClosed = 0x8000'0000u;

  std::atomic<std::uint32_t> gate_{0};
  std::atomic<WorkItem*> fired_{nullptr};
  std::atomic<std::uint32_t> outstanding_{0};
  std::atomic<bool> idle_wanted_{false};
  napi_threadsafe_function function_ = nullptr;
  // The JavaScript thread's; null once the gate is closed.
  Listener* listener_;
};

}  // namespace rtworkq
