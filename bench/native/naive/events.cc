// Waits for an event as an addon would make them by hand: a thread calls WaitForSingleObject, then a
// ThreadSafeFunction. Also sets events, on the JavaScript thread and on another one.

#include "addon.h"
#include "base/clock.h"
#include "base/handle.h"
#include "waitable_timer.h"

#include <atomic>
#include <cstdint>
#include <thread>
#include <utility>

namespace rtworkq::bench {
namespace {

// Long enough for the JavaScript thread to sleep by then.
constexpr long long kSetAfterUnits = 20'000;

HANDLE handle_of(const Napi::Value& value) {
  bool lossless = false;
  return reinterpret_cast<HANDLE>(static_cast<std::intptr_t>(value.As<Napi::BigInt>().Int64Value(&lossless)));
}

/// Sets an event two milliseconds after it was asked to, on a thread of its own.
class Setter {
 public:
  Setter() {
    std::thread([this] { run(); }).detach();
  }

  // JavaScript thread.

  void set_soon(HANDLE event) {
    event_.store(event);
    set_timer(timer_, kSetAfterUnits);
  }
  double set_at_ms() const { return clock::to_milliseconds(set_at_.load()); }

 private:
  void run() {
    while (WaitForSingleObject(timer_.get(), INFINITE) == WAIT_OBJECT_0) {
      set_at_.store(clock::now());
      SetEvent(event_.load());
    }
  }

  const UniqueHandle timer_ = make_timer();
  std::atomic<HANDLE> event_{nullptr};
  std::atomic<std::int64_t> set_at_{0};
};

/// Never destroyed: its thread runs until the process ends.
Setter& setter() {
  static Setter& only = *new Setter;
  return only;
}

}  // namespace

Napi::Value create_event(const Napi::CallbackInfo& info) {
  const auto event = reinterpret_cast<std::intptr_t>(CreateEventW(nullptr, FALSE, FALSE, nullptr));
  return Napi::BigInt::New(info.Env(), static_cast<std::int64_t>(event));
}

void set_event(const Napi::CallbackInfo& info) { SetEvent(handle_of(info[0])); }

void set_event_soon(const Napi::CallbackInfo& info) { setter().set_soon(handle_of(info[0])); }

Napi::Value event_set_at(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), setter().set_at_ms()); }

void call_on_event(const Napi::CallbackInfo& info) {
  auto function = Napi::ThreadSafeFunction::New(info.Env(), info[1].As<Napi::Function>(), "event", 0, 1);
  std::thread([event = handle_of(info[0]), function = std::move(function)] {
    while (WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0) function.NonBlockingCall();
  }).detach();
}

}  // namespace rtworkq::bench
