// One copy of lib/ in one JavaScript thread: its channel, its unsettled operations, its lease on the platform.
// Everything here runs on that thread. It lives from open() until the thread's clean-up hook.

#pragma once

#include "node/completion_channel.h"
#include "rtwq/platform.h"
#include "rtwq/work_item.h"

#include <napi.h>

#include <cstdint>
#include <vector>

namespace rtworkq {

class Environment final : private CompletionChannel::Listener {
 public:
  /// What lib/ hands over when it opens an environment.
  struct Hooks {
    Napi::Function settle;     // (count): that many completions are in `batch`
    Napi::Function released;   // (outcome): the lease that give_back() left for later is gone
    Napi::Float64Array batch;  // completions as (slot, status, firedAt) triples
    Napi::Uint32Array key;     // low and high half of the key of the item begun last, 0 where it has none
  };

  /// Owned by the thread: its clean-up hook ends and deletes it.
  static Environment& open(Napi::Env env, Hooks hooks);

  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  Outcome schedule(std::uint32_t slot, std::int64_t milliseconds, DWORD queue, bool ref);
  Outcome put(std::uint32_t slot, DWORD queue, LONG priority, bool ref);
  /// True when this call settled the operation, which is then forgotten here.
  bool stop(std::uint32_t slot, WorkItem::State to);
  void set_ref(std::uint32_t slot, bool ref);

  /// Makes sure of a lease on the platform, and takes back a give_back() that has not come to pass.
  Outcome acquire();
  /// Gives the lease back as soon as no work item is outstanding. True when that was at once, with the outcome in
  /// `outcome`; otherwise `released` is called later, and `keep_alive` keeps the loop alive until then.
  bool give_back(bool keep_alive, Outcome& outcome);

  /// Milliseconds of the performance counter.
  static double now();

 private:
  struct Slot {
    ComPtr<WorkItem> item;
    bool ref = false;
  };

  Environment(Napi::Env env, Hooks hooks);
  ~Environment();

  void on_wake() override;
  void deliver(WorkItem* items);
  void call(const Napi::FunctionReference& function, double argument) noexcept;
  void close();

  template <class Start>
  Outcome begin(std::uint32_t slot, DWORD queue, bool ref, Start start);
  Slot* occupied(std::uint32_t slot);
  void vacate(Slot& slot);
  void count_ref(int change);
  void forget_give_back();
  Outcome release_lease();

  const napi_env env_;
  const Napi::FunctionReference settle_;
  const Napi::FunctionReference released_;
  const Napi::Reference<Napi::Float64Array> batch_reference_;
  const Napi::Reference<Napi::Uint32Array> key_reference_;
  // Their memory: JavaScript's, and in place for as long as the references above hold the arrays.
  double* const batch_;
  const std::uint32_t batch_capacity_;
  std::uint32_t* const key_;

  ComPtr<CompletionChannel> channel_;
  std::vector<Slot> slots_;
  int refs_ = 0;
  bool leased_ = false;
  bool giving_back_ = false;
  bool giving_back_ref_ = false;
};

}  // namespace rtworkq
