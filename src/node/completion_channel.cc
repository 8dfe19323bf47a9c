// on_fired, on_let_go, abandon_inherited_lease, enter, leave and wake run on any thread, the rest on the JavaScript
// thread.

#include "node/completion_channel.h"

#include "rtwq/clock.h"
#include "rtwq/platform.h"

#include <utility>

namespace rtworkq {
namespace {

// A callback is inside the gate for microseconds. Only a thread that a debugger holds stays longer than this.
constexpr ULONGLONG kLongestWaitMs = 5'000;

}  // namespace

napi_status CompletionChannel::open(napi_env env) {
  napi_value name;
  napi_status status = napi_create_string_utf8(env, "rtworkq", NAPI_AUTO_LENGTH, &name);
  if (status != napi_ok) return status;

  // The thread-safe function's own reference, dropped by its finalizer.
  AddRef();
  const auto finalize = [](napi_env, void* data, void*) { static_cast<CompletionChannel*>(data)->Release(); };
  status =
      napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, this, finalize, this, call_js, &function_);
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
  // A wake-up for nothing: functions of the host are bound when first called, and RTWorkQ's threads shall find this one
  // bound.
  wake();
  return status;
}

void CompletionChannel::call_js(napi_env env, napi_value, void* context, void* own_turn) {
  auto* channel = static_cast<CompletionChannel*>(context);
  // Without an environment there is nobody to tell, and the channel may be gone: the finalizer has run by then.
  if (env && channel->listener_) channel->turn(own_turn != nullptr);
}

void CompletionChannel::turn(bool own) {
  if (own) polling_.looked(wait_a_moment());
  const bool more_may_come = listener_->on_fired(take());
  if (more_may_come && polling_.worthwhile(own)) come_again();
}

// Node gives it the turn before the loop goes on, and promises theirs before that: they start what comes next.
void CompletionChannel::come_again() noexcept {
  Operation* none = nullptr;
  // Otherwise something has come already, and has woken this thread.
  if (!fired_.compare_exchange_strong(none, attended())) return;
  napi_call_threadsafe_function(function_, this, napi_tsfn_nonblocking);
}

bool CompletionChannel::wait_a_moment() noexcept {
  const auto nothing = [this] { return fired_.load(std::memory_order_relaxed) == attended(); };
  if (!nothing()) return true;
  for (const std::int64_t end = clock::now() + Polling::moment(); nothing(); YieldProcessor()) {
    if (clock::now() > end) return false;
  }
  return true;
}

Operation* CompletionChannel::take() noexcept {
  Operation* newest_first = fired_.exchange(nullptr, std::memory_order_acquire);
  Operation* oldest_first = nullptr;
  while (newest_first && newest_first != attended()) {
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

void CompletionChannel::wake() noexcept { napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking); }

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

void CompletionChannel::on_let_go() noexcept {
  if (outstanding_.fetch_sub(1) != 1) return;
  abandon_inherited_lease();
  tell_idle();
}

ComPtr<Notice> CompletionChannel::exchange_notice(ComPtr<Notice> notice) noexcept {
  return ComPtr<Notice>::adopt(idle_.exchange(notice.detach()));
}

void CompletionChannel::tell_idle() noexcept {
  if (const ComPtr<Notice> notice = exchange_notice({})) notice->tell(S_OK);
}

void CompletionChannel::tell_when_idle(ComPtr<Notice> notice) noexcept {
  exchange_notice(std::move(notice));
  // Looked at after the wish was made known: what goes between the two does not go unnoticed.
  if (outstanding() == 0) tell_idle();
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
  // It holds a reference to this channel.
  exchange_notice({});
}

void CompletionChannel::close() noexcept {
  const ULONGLONG deadline = GetTickCount64() + kLongestWaitMs;
  while (gate_.load() != kClosed) {
    // Not let go of here, then: Node's own hook does what it does for functions that are still in use.
    if (GetTickCount64() > deadline) return;
    SwitchToThread();
  }
  for (Operation* operations = take(); operations;) {
    const auto operation = ComPtr<Operation>::adopt(std::exchange(operations, operations->next));
    operation->delivered(false);
  }
  napi_release_threadsafe_function(function_, napi_tsfn_abort);
}

}  // namespace rtworkq
