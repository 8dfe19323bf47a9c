// One copy of lib/ in one JavaScript thread: its channel, its unsettled operations, what it has opened, its lease on
// the platform. Everything here runs on that thread. It lives from open() until the thread's clean-up hook.

#pragma once

#include "node/completion_channel.h"
#include "node/table.h"
#include "rtwq/mmcss.h"
#include "rtwq/operation.h"
#include "rtwq/platform.h"
#include "rtwq/queue_request.h"
#include "rtwq/results.h"
#include "rtwq/spare_work_items.h"
#include "rtwq/timer_resolution.h"
#include "rtwq/waitable.h"
#include "rtwq/work_queue.h"

#include <napi.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace rtworkq {

class Environment final : private CompletionChannel::Listener {
 public:
  /// What lib/ hands over when it opens an environment.
  struct Hooks {
    Napi::Function settle;     // (count): that many completions are in `batch`
    Napi::Function put_off;    // (): has come_back() called when the event loop has gone on
    Napi::Float64Array batch;  // completions as (id, status, firedAt, value)
    Napi::Float64Array out;    // what a call gives besides its outcome
  };

  /// Owned by the thread: its clean-up hook ends and deletes it.
  static Environment& open(Napi::Env env, Hooks hooks);

  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  CompletionSink& sink() noexcept { return *channel_; }

  /// Puts the operation in its slot, and starts it by `start(operation)`. A start that has failed leaves nothing
  /// behind. `result` is of a work item that may be used again: both are spare when its callback has returned.
  template <class T, class Start>
  Outcome begin(ComPtr<T> operation, bool ref, Start start, ComPtr<IRtwqAsyncResult>* result = nullptr);
  /// True when this call settled the operation, which is then forgotten here.
  bool stop(OperationId id, Operation::State to);
  void set_ref(OperationId id, bool ref);
  /// An unsettled operation, for who knows of which kind it is; null when it is settled.
  Operation* operation(OperationId id);

  /// Takes a lease on the platform: one at the most, which lib/ has before it calls anything that needs the platform.
  Outcome acquire();
  /// Whether nothing is outstanding.
  bool idle() const noexcept { return channel_->outstanding() == 0; }
  /// Gives the lease back. Nothing may be outstanding.
  Outcome release();
  /// The event loop has gone on.
  void come_back() { channel_->come_back(); }
  /// Has it told when nothing is outstanding.
  void tell_when_idle(ComPtr<Notice> notice) noexcept { channel_->tell_when_idle(std::move(notice)); }

  /// Where a call puts what it gives besides its outcome; lib/ reads it right afterwards.
  double& out(std::size_t index) noexcept { return out_[index]; }

  // What lib/ has opened and names by number. What it forgets is let go of at the thread's end.
  Table<ComPtr<WorkQueue>> queues;  // the first three are the process's own: standard, multithreaded, long function
  Table<QueueRequest> queue_requests;
  Table<OpenHandle> handles;
  Table<ThreadTask> thread_tasks;
  Table<PlatformLock> platform_locks;
  Table<TimerResolution> timer_resolutions;
  Table<std::unique_ptr<Results>> results;  // from the completion until lib/ has copied them
  PlatformTask platform_task;

  SpareWorkItems spare_work_items;

  /// Milliseconds of the performance counter.
  static double now();

 private:
  struct Slot {
    ComPtr<Operation> operation;
    ComPtr<IRtwqAsyncResult> result;  // of a work item that was put or invoked
    bool ref = false;
  };

  // How lib/ makes ids.
  static constexpr OperationId kSlots = OperationId{1} << 26;

  Environment(Napi::Env env, Hooks hooks);
  ~Environment();

  bool on_fired(Operation* operations) override;
  bool put_off() override { return call(put_off_, 0, nullptr); }
  bool settle(std::uint32_t count) noexcept;
  bool call(const Napi::FunctionReference& hook, std::size_t count, const napi_value* values) noexcept;
  void close();

  Slot& claim(ComPtr<Operation> operation);
  Slot* find(OperationId id);
  void vacate(Slot& slot);
  void reuse(Slot& slot);
  void count_ref(int change);

  const napi_env env_;
  const Napi::FunctionReference settle_;
  const Napi::FunctionReference put_off_;
  const Napi::Reference<Napi::Float64Array> batch_reference_;
  const Napi::Reference<Napi::Float64Array> out_reference_;
  // Their memory: JavaScript's, and in place for as long as the references above hold the arrays.
  double* const batch_;
  const std::uint32_t batch_capacity_;
  double* const out_;

  ComPtr<CompletionChannel> channel_;
  std::vector<Slot> slots_;
  int refs_ = 0;
  bool leased_ = false;
};

template <class T, class Start>
Outcome Environment::begin(ComPtr<T> operation, bool ref, Start start, ComPtr<IRtwqAsyncResult>* result) {
  T& started = *operation;
  // In its slot before RTWorkQ knows of it: the callback may run before the call returns.
  Slot& slot = claim(std::move(operation));
  const Outcome outcome = start(started);
  // Where it has succeeded, nothing of the operation is touched after this: RTWorkQ's thread has it in its processor's
  // cache.
  // A refused operation that fired all the same is in the channel and settles like any other.
  if (outcome.failed() && started.stop(Operation::State::closed)) {
    vacate(slot);
    return outcome;
  }
  if (result) slot.result = std::move(*result);
  slot.ref = ref;
  if (ref) count_ref(+1);
  return {};
}

}  // namespace rtworkq
