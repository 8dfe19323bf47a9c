// An interval as an addon would make it by hand: a thread waits for a waitable timer, which it sets for each tick, and
// calls a ThreadSafeFunction.

#include "addon.h"
#include "base/clock.h"
#include "waitable_timer.h"

#include <atomic>
#include <cmath>
#include <memory>
#include <thread>

namespace rtworkq::bench {
namespace {

constexpr double kUnitsPerMillisecond = 10'000;

/// Owned by its thread and by the function that stops it.
struct Ticking {
  Napi::ThreadSafeFunction function;
  double period_ms;
  std::atomic<bool> stopped{false};
};

/// The interval's thread. Skips missed ticks.
void tick(const std::shared_ptr<Ticking>& ticking) {
  const UniqueHandle timer = make_timer();
  const double start = clock::to_milliseconds(clock::now());
  const auto elapsed = [start] { return clock::to_milliseconds(clock::now()) - start; };
  for (double next = 1; !ticking->stopped.load();) {
    for (double left = 0; (left = next * ticking->period_ms - elapsed()) > 0;) {
      set_timer(timer, std::llround(std::ceil(left * kUnitsPerMillisecond)));
      WaitForSingleObject(timer.get(), INFINITE);
    }
    ticking->function.NonBlockingCall();
    next = std::floor(elapsed() / ticking->period_ms) + 1;
  }
  ticking->function.Release();
}

}  // namespace

Napi::Value start_ticking(const Napi::CallbackInfo& info) {
  const auto callback = info[1].As<Napi::Function>();
  const auto ticking = std::make_shared<Ticking>();
  ticking->function = Napi::ThreadSafeFunction::New(info.Env(), callback, "interval", 0, 1);
  ticking->period_ms = info[0].As<Napi::Number>().DoubleValue();
  std::thread(tick, ticking).detach();
  return Napi::Function::New(info.Env(), [ticking](const Napi::CallbackInfo&) { ticking->stopped.store(true); });
}

}  // namespace rtworkq::bench
