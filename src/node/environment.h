// One copy of lib/ in one JavaScript thread: its channel, its unsettled operations, what it has opened, its lease on
// the platform. Everything here runs on that thread. It lives from open() until the thread's clean-up hook.

#pragma once

#include "node/completion_channel.h"
#include "node/table.h"
#include "rtwq/handle.h"
#include "rtwq/mmcss.h"
#include "rtwq/operation.h"
#include "rtwq/platform.h"
#include "rtwq/queue_request.h"
#include "rtwq/work_queue.h"

#include <napi.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace rtworkq {

class Environment final : private CompletionChannel::Listener {
 public:
  /// What lib/ hands over when it opens an environment.
  struct Hooks {
    Napi::Function settle;     // (count): that many completions are in `batch`
    Napi::Function released;   // (outcome): the lease that give_back() left for later is gone
    Napi::Float64Array batch;  // completions as (slot, status, firedAt, value)
    Napi::Float64Array out;    // what a call gives besides its outcome
  };

  /// Owned by the thread: its clean-up hook ends and deletes it.
  static Environment& open(Napi::Env env, Hooks hooks);

  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  CompletionSink& sink() noexcept { return *channel_; }

  /// Puts the operation in its slot, makes sure of the platform, and starts it by `start(operation)`. A start that has
  /// failed leaves nothing behind.
  template <class T, class Start>
  Outcome begin(const ComPtr<T>& operation, bool ref, Start start);
  /// The same for what listens to the platform, and needs none to be there.
  template <class T, class Start>
  Outcome begin_without_platform(const ComPtr<T>& operation, bool ref, Start start);
  /// True when this call settled the operation, which is then forgotten here.
  bool stop(std::uint32_t slot, Operation::State to);
  void set_ref(std::uint32_t slot, bool ref);

  /// Makes sure of a lease on the platform, and takes back a give_back() that has not come to pass.
  Outcome acquire();
  /// Gives the lease back as soon as nothing is outstanding. True when that was at once, with the outcome in `outcome`;
  /// otherwise `released` is called later, and `keep_alive` keeps the loop alive until then.
  bool give_back(bool keep_alive, Outcome& outcome);

  /// RtwqLockPlatform and RtwqUnlockPlatform. What is left locked is unlocked at the thread's end.
  Outcome lock_platform();
  Outcome unlock_platform();

  /// Where a call puts what it gives besides its outcome; lib/ reads it right afterwards.
  double& out(std::size_t index) noexcept { return out_[index]; }

  // What lib/ has opened and names by number. What it forgets is let go of at the thread's end.
  Table<ComPtr<WorkQueue>> queues;  // the first three are the process's own: standard, multithreaded, long function
  Table<QueueRequest> queue_requests;
  Table<UniqueHandle> handles;
  Table<ThreadTask> thread_tasks;

  /// Milliseconds of the performance counter.
  static double now();

 private:
  struct Slot {
    ComPtr<Operation> operation;
    bool ref = false;
  };

  Environment(Napi::Env env, Hooks hooks);
  ~Environment();

  void on_wake() override;
  void deliver(Operation* operations);
  void call(const Napi::FunctionReference& function, double argument) noexcept;
  void close();

  void claim(ComPtr<Operation> operation);
  Slot* occupied(std::uint32_t slot);
  void vacate(Slot& slot);
  void count_ref(int change);
  void forget_give_back();
  Outcome release_lease();

  const napi_env env_;
  const Napi::FunctionReference settle_;
  const Napi::FunctionReference released_;
  const Napi::Reference<Napi::Float64Array> batch_reference_;
  const Napi::Reference<Napi::Float64Array> out_reference_;
  // Their memory: JavaScript's, and in place for as long as the references above hold the arrays.
  double* const batch_;
  const std::uint32_t batch_capacity_;
  double* const out_;

  ComPtr<CompletionChannel> channel_;
  std::vector<Slot> slots_;
  int refs_ = 0;
  int platform_locks_ = 0;
  bool leased_ = false;
  bool giving_back_ = false;
  bool giving_back_ref_ = false;
};

template <class T, class Start>
Outcome Environment::begin(const ComPtr<T>& operation, bool ref, Start start) {
  if (const Outcome outcome = acquire(); outcome.failed()) return outcome;
  return begin_without_platform(operation, ref, start);
}

template <class T, class Start>
Outcome Environment::begin_without_platform(const ComPtr<T>& operation, bool ref, Start start) {
  // In its slot before RTWorkQ knows of it: the callback may run before the call returns.
  claim(operation);
  const Outcome outcome = start(*operation);
  // A refused operation that fired all the same is in the channel and settles like any other.
  Slot& slot = slots_[operation->slot()];
  if (outcome.failed() && operation->stop(Operation::State::closed)) {
    vacate(slot);
    return outcome;
  }
  slot.ref = ref;
  if (ref) count_ref(+1);
  return {};
}

}  // namespace rtworkq
