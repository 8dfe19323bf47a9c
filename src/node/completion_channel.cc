// on_fired, on_hold_released and what they call run on any thread; everything else runs on the JavaScript thread.

#include "node/completion_channel.h"

#include "base/clock.h"
#include "rtwq/platform.h"

#include <utility>

namespace rtworkq {
namespace {

// Callbacks are inside the gate for microseconds; only a debugger can hold one longer than this.
constexpr ULONGLONG kMaxCloseWaitMs = 5'000;

// If a wake-up takes longer than this, the JavaScript thread was busy when it was woken.
constexpr double kSlowWakeMs = 0.2;

// Max wake-ups before we assume the event loop has not advanced.
constexpr int kMaxWokenTurns = 8;

}  // namespace

napi_status CompletionChannel::open(napi_env env, napi_value resource) {
  napi_value name;
  napi_status status = napi_create_string_utf8(env, "rtworkq", NAPI_AUTO_LENGTH, &name);
  if (status != napi_ok) return status;

  // The thread-safe function's own reference, dropped by its finalizer.
  AddRef();
  const auto finalize = [](napi_env, void* data, void*) { static_cast<CompletionChannel*>(data)->Release(); };
  status =
      napi_create_threadsafe_function(env, nullptr, resource, name, 0, 1, this, finalize, this, call_js, &function_);
  if (status != napi_ok) {
    Release();
    return status;
  }
  status = napi_unref_threadsafe_function(env, function_);
  if (status != napi_ok) {
    close_gate();
    close();
    return status;
  }
  // Node-API functions are bound on first call (delay_load_hook.cc). Call this one now, so that RTWorkQ's threads never
  // have to bind it.
  wake();
  return status;
}

void CompletionChannel::call_js(napi_env env, napi_value, void* context, void* is_polling_turn) {
  auto* channel = static_cast<CompletionChannel*>(context);
  // Without an env, Node is tearing the function down: the finalizer has run and the channel may already be deleted.
  if (!env || !channel->listener_) return;
  if (is_polling_turn) {
    channel->polling_turn();
  } else {
    channel->woken_turn();
  }
}

// If something fires during this call, Node calls the thread-safe function again before the event loop advances. A
// handler that runs longer than its interval would starve the loop, so a late or repeated turn is put off.
void CompletionChannel::woken_turn() {
  // Another turn has delivered the operations, or will.
  if (empty() || put_off_) return;
  const double wake_ms = clock::to_milliseconds(clock::now() - woken_at_.load(std::memory_order_relaxed));
  if (wake_ms > kSlowWakeMs || ++woken_turns_ > kMaxWokenTurns) {
    // The list stays non-empty, so no callback wakes the thread meanwhile.
    put_off_turn();
  } else {
    deliver(false);
  }
}

void CompletionChannel::polling_turn() {
  if (put_off_ || (!rest_ && !fired_.load(std::memory_order_relaxed))) return;
  if (may_spin_) spin();
  deliver(true);
}

bool CompletionChannel::empty() const noexcept {
  const Operation* head = fired_.load(std::memory_order_relaxed);
  return !rest_ && (!head || head == polling_mark());
}

bool CompletionChannel::has_undelivered() const noexcept {
  // Other threads push new heads, and leave what is behind this one alone. The last link may be the mark.
  for (const Operation* operation : {rest_, fired_.load(std::memory_order_acquire)}) {
    for (; operation && operation != polling_mark(); operation = operation->next) {
      if (!operation->repeats()) return true;
    }
  }
  return false;
}

void CompletionChannel::spin() noexcept {
  if (empty()) {
    const std::int64_t start = clock::now();
    std::int64_t time = start;
    do {
      const std::int64_t before = time;
      // RTWorkQ's thread may be waiting for this processor.
      const bool yields = Polling::may_yield();
      if (yields) {
        SwitchToThread();
      } else {
        YieldProcessor();
      }
      time = clock::now();
      if (yields) Polling::record_yield(time - before);
    } while (empty() && time - start < Polling::spin_limit());
  }
  polling_.record_result(!empty());
}

void CompletionChannel::put_off_turn() {
  put_off_ = true;
  if (!listener_->put_off()) come_back();
}

void CompletionChannel::come_back() {
  put_off_ = false;
  woken_turns_ = 0;
  if (listener_) deliver(false);
}

void CompletionChannel::deliver(bool polled) {
  const bool taken = !rest_;
  if (taken) rest_ = take();
  const bool more_may_come = listener_->on_fired(rest_);
  // Nothing wakes this thread for what is left, or for what came while something was left.
  const bool must_return = rest_ || !taken;
  if (!must_return && !more_may_come) return;
  may_spin_ = !must_return;
  switch (polling_.next(polled, must_return)) {
    case Polling::Next::sleep:
      break;
    case Polling::Next::polling_turn:
      if (mark_polling() || must_return) napi_call_threadsafe_function(function_, this, napi_tsfn_nonblocking);
      break;
    case Polling::Next::event_loop:
      if (mark_polling() || must_return) put_off_turn();
      break;
  }
}

// False if an operation was pushed in the meantime; it has already woken this thread.
bool CompletionChannel::mark_polling() noexcept {
  Operation* empty_list = nullptr;
  return fired_.compare_exchange_strong(empty_list, polling_mark());
}

Operation* CompletionChannel::take() noexcept {
  Operation* newest_first = fired_.exchange(nullptr, std::memory_order_acquire);
  Operation* oldest_first = nullptr;
  while (newest_first && newest_first != polling_mark()) {
    Operation* operation = std::exchange(newest_first, newest_first->next);
    operation->next = std::exchange(oldest_first, operation);
  }
  return oldest_first;
}

void CompletionChannel::keep_loop_alive(napi_env env, bool alive) noexcept {
  if (!listener_) return;
  if (alive) {
    napi_ref_threadsafe_function(env, function_);
  } else {
    napi_unref_threadsafe_function(env, function_);
  }
}

bool CompletionChannel::enter() noexcept {
  if (gate_.fetch_add(1) & kClosed) {
    leave();
    return false;
  }
  return true;
}

void CompletionChannel::wake() noexcept {
  woken_at_.store(clock::now(), std::memory_order_relaxed);
  napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking);
}

bool CompletionChannel::on_fired(Operation& operation) noexcept {
  if (!enter()) return false;
  operation.AddRef();
  Operation* head = fired_.load(std::memory_order_relaxed);
  do {
    operation.next = head;
  } while (!fired_.compare_exchange_weak(head, &operation, std::memory_order_release, std::memory_order_relaxed));
  if (!head) wake();
  leave();
  return true;
}

void CompletionChannel::on_hold_added(Hold hold) noexcept {
  held_[static_cast<std::size_t>(hold)].fetch_add(1, std::memory_order_relaxed);
  outstanding_.fetch_add(1);
}

void CompletionChannel::on_hold_released(Hold hold) noexcept {
  held_[static_cast<std::size_t>(hold)].fetch_sub(1, std::memory_order_relaxed);
  if (outstanding_.fetch_sub(1) != 1) return;
  abandon_inherited_lease();
  notify_idle();
}

ComPtr<Notice> CompletionChannel::exchange_notice(ComPtr<Notice> notice) noexcept {
  return ComPtr<Notice>::adopt(idle_.exchange(notice.detach()));
}

void CompletionChannel::notify_idle() noexcept {
  if (const ComPtr<Notice> notice = exchange_notice({})) notice->complete(S_OK);
}

void CompletionChannel::notify_when_idle(ComPtr<Notice> notice) noexcept {
  exchange_notice(std::move(notice));
  // Check after storing the notice, so that an operation that ends in between cannot be missed.
  if (outstanding() == 0) notify_idle();
}

void CompletionChannel::inherit_lease() noexcept {
  lease_inherited_.store(true);
  if (outstanding() == 0) abandon_inherited_lease();
}

void CompletionChannel::abandon_inherited_lease() noexcept {
  if (lease_inherited_.exchange(false)) Platform::instance().abandon();
}

void CompletionChannel::close_gate() noexcept {
  gate_.fetch_or(kClosed);
  listener_ = nullptr;
  // The notice holds a reference to this channel.
  exchange_notice({});
}

void CompletionChannel::close() noexcept {
  const ULONGLONG deadline = GetTickCount64() + kMaxCloseWaitMs;
  while (gate_.load() != kClosed) {
    // Leave the function to Node's own clean-up hook.
    if (GetTickCount64() > deadline) return;
    SwitchToThread();
  }
  for (Operation* operations : {std::exchange(rest_, nullptr), take()}) {
    while (operations) {
      const auto operation = ComPtr<Operation>::adopt(std::exchange(operations, operations->next));
      operation->delivered(false);
    }
  }
  napi_release_threadsafe_function(function_, napi_tsfn_abort);
}

}  // namespace rtworkq
