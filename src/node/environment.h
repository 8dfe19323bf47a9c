// One copy of lib/ in one JavaScript thread: its channel, its unsettled operations, everything it has opened, and its
// lease on the platform. Runs on that thread only, and lives from open() until the thread's clean-up hook.

#pragma once

#include "base/operation.h"
#include "base/results.h"
#include "node/completion_channel.h"
#include "node/table.h"
#include "rtwq/mmcss.h"
#include "rtwq/platform.h"
#include "rtwq/queue_request.h"
#include "rtwq/spare_work_items.h"
#include "rtwq/timer_resolution.h"
#include "rtwq/timers_task.h"
#include "rtwq/work_queue.h"
#include "waiter/answers.h"
#include "waiter/open_handle.h"

#include <napi.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace rtworkq {

class Environment final : private CompletionChannel::Listener {
 public:
  /// What lib/ passes when it opens an environment: an object, with these.
  struct Hooks {
    Napi::Object object;
    Napi::Function settle;     // (count): handles that many completions in `batch`
    Napi::Function put_off;    // (): has come_back() called once the event loop has advanced
    Napi::Float64Array batch;  // completions as (id, status, firedAt, value)
    Napi::Float64Array out;    // a call's results besides its outcome
  };

  /// The thread's clean-up hook owns the environment: it closes and deletes it.
  static Environment& open(Napi::Env env, Hooks hooks);

  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  CompletionSink& sink() noexcept { return *channel_; }

  /// Puts the operation in its slot and calls `start(operation)`. If that fails, the slot is freed again. `result` is
  /// the async result of a work item that can be reused: both become spare once the callback has returned.
  template <class T, class Start>
  Outcome begin(ComPtr<T> operation, bool ref, Start start, ComPtr<IRtwqAsyncResult>* result = nullptr);
  /// True if this call settled the operation; its slot is then free.
  bool stop(OperationId id, Operation::State to);
  void set_ref(OperationId id, bool ref);
  /// Whether an unsettled operation that repeats has nothing to do for now, so that JavaScript may forget it.
  void set_resting(OperationId id, bool resting);
  /// The unsettled operation with that id, or null. The caller knows its type.
  Operation* operation(OperationId id);

  /// Takes a lease on the platform, unless there is one already. lib/ calls this before anything that needs the
  /// platform.
  Outcome acquire();
  /// How many operations or queues of a kind must still end before the platform may be released.
  std::uint32_t held(Hold hold) const noexcept { return channel_->held(hold); }
  /// True if nothing is outstanding.
  bool idle() const noexcept { return channel_->outstanding() == 0; }
  /// Whether an operation has fired, once and for all, that JavaScript has not received or is just receiving.
  bool has_undelivered() const noexcept { return delivering_ || channel_->has_undelivered(); }
  /// Releases the lease. Nothing may be outstanding.
  Outcome release();
  /// lib/ calls this when the event loop has advanced after put_off().
  void come_back() { channel_->come_back(); }
  /// Completes `notice` when nothing is outstanding.
  void notify_when_idle(ComPtr<Notice> notice) noexcept { channel_->notify_when_idle(std::move(notice)); }

  /// Counts the waits that the waiter's threads use.
  const ComPtr<waiter::Answers>& answers() const noexcept { return answers_; }
  /// JavaScript has no use for the signal that it is just receiving.
  void refuse() noexcept { refused_ = true; }
  /// Ends all waits, and gives back what JavaScript has not received. Blocks until the waiter's threads have answered.
  void end_waits() noexcept;

  /// Where a call stores its results besides the outcome; lib/ reads them right after the call.
  double& out(std::size_t index) noexcept { return out_[index]; }

  // Objects that lib/ has opened and refers to by number. The thread's end releases those that are left.
  Table<ComPtr<WorkQueue>>
      queues;  // the first three are the process's standard, multithreaded and long function queues
  Table<QueueRequest> queue_requests;
  Table<waiter::OpenHandle> handles;
  Table<ThreadTask> thread_tasks;
  Table<TimersTask> timers_tasks;
  Table<PlatformLock> platform_locks;
  Table<TimerResolution> timer_resolutions;
  Table<std::unique_ptr<Results>> results;  // from the completion until lib/ copies them
  PlatformTask platform_task;

  SpareWorkItems spare_work_items;

  /// The performance counter in milliseconds.
  static double now();

 private:
  struct Slot {
    ComPtr<Operation> operation;
    ComPtr<IRtwqAsyncResult> result;  // only for a reusable work item that was put or invoked
    bool ref = false;
    bool resting = false;
  };

  // Must match how lib/ makes ids.
  static constexpr OperationId kSlots = OperationId{1} << 26;

  Environment(Napi::Env env, Hooks hooks);
  ~Environment();

  /// () => whether an operation keeps the loop alive
  static Napi::Value has_ref(const Napi::CallbackInfo& info);

  bool on_fired(Operation*& operations) override;
  bool put_off() override { return call(put_off_, 0, nullptr); }
  bool settle(std::uint32_t count) noexcept;
  bool call(const Napi::FunctionReference& hook, std::size_t count, const napi_value* values) noexcept;
  void close();

  Slot& claim(ComPtr<Operation> operation);
  Slot* find(OperationId id);
  void vacate(Slot& slot);
  void reuse(Slot& slot);
  void count_ref(int change);
  void count_active(int change);
  /// Makes `hooks_` strong or weak, but not while JavaScript receives a batch.
  void hold_javascript() noexcept;
  /// Whether this copy of lib/ still exists.
  bool javascript_exists() const noexcept;

  const napi_env env_;
  // Has the functions and arrays below. Strong while an operation is unsettled, so that this copy of lib/ stays. After
  // that JavaScript alone decides how long it lives; if it is gone, nothing here can be called any more.
  Napi::ObjectReference hooks_;
  const Napi::FunctionReference settle_;
  const Napi::FunctionReference put_off_;
  // Memory of the arrays.
  double* const batch_;
  const std::uint32_t batch_capacity_;
  double* const out_;

  ComPtr<CompletionChannel> channel_;
  const ComPtr<waiter::Answers> answers_ = make<waiter::Answers>();
  std::vector<Slot> slots_;
  int refs_ = 0;
  // Unsettled operations that do not rest.
  int active_ = 0;
  bool holds_javascript_ = false;
  // While JavaScript receives a batch.
  bool delivering_ = false;
  bool refused_ = false;
  bool leased_ = false;
};

template <class T, class Start>
Outcome Environment::begin(ComPtr<T> operation, bool ref, Start start, ComPtr<IRtwqAsyncResult>* result) {
  T& started = *operation;
  // Fill the slot first: the callback may run before start() returns.
  Slot& slot = claim(std::move(operation));
  const Outcome outcome = start(started);
  // On success, do not touch the operation after this: its memory is in the cache of the RTWorkQ thread's processor.
  // If the call failed but the operation fired anyway, it is in the channel and settles like any other.
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
