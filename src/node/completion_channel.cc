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

// Longer than this on the way, and the thread was busy when it was woken.
constexpr double kLateMs = 0.2;

// So many for which the loop may have stood still: nothing tells whether it has.
constexpr int kMostWokenTurns = 8;

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
  if (!env || !channel->listener_) return;
  if (own_turn) {
    channel->own_turn();
  } else {
    channel->woken_turn();
  }
}

// Node calls the thread-safe function again at once for what fires while it is called, and the loop stands still: one
// whose code takes longer than its interval would see nothing else any more.
void CompletionChannel::woken_turn() {
  const Operation* head = fired_.load(std::memory_order_relaxed);
  // Another turn has taken what it was woken for, or will.
  if (!head || head == attended() || put_off_) return;
  const double on_its_way = clock::to_milliseconds(clock::now() - woken_at_.load(std::memory_order_relaxed));
  if (on_its_way > kLateMs || ++woken_turns_ > kMostWokenTurns) {
    // The list stays as it is, so nobody wakes.
    put_off_turn();
  } else {
    deliver(false);
  }
}

void CompletionChannel::own_turn() {
  if (put_off_ || !fired_.load(std::memory_order_relaxed)) return;
  look();
  deliver(true);
}

void CompletionChannel::look() noexcept {
  const auto nothing = [this] { return fired_.load(std::memory_order_relaxed) == attended(); };
  if (nothing()) {
    const std::int64_t start = clock::now();
    std::int64_t time = start;
    do {
      // The next item may wait for this very processor.
      if (polling_.offers(time)) {
        SwitchToThread();
      } else {
        YieldProcessor();
      }
      time = clock::now();
    } while (nothing() && time - start < Polling::moment());
    polling_.lasted(start, time);
  }
  polling_.looked(!nothing());
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

void CompletionChannel::deliver(bool own) {
  if (!listener_->on_fired(take())) return;
  switch (polling_.next(own)) {
    case Polling::Next::wake:
      break;
    case Polling::Next::own_turn:
      if (attend()) napi_call_threadsafe_function(function_, this, napi_tsfn_nonblocking);
      break;
    case Polling::Next::the_loop:
      if (attend()) put_off_turn();
      break;
  }
}

// False where something has come already, and has woken this thread.
bool CompletionChannel::attend() noexcept {
  Operation* none = nullptr;
  return fired_.compare_exchange_strong(none, attended());
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
