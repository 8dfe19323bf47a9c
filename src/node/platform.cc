// Environments, the platform's start and end, periodic callbacks and platform events. JavaScript thread.

#include "rtwq/platform.h"

#include "node/arguments.h"
#include "node/bindings.h"
#include "rtwq/periodic_callback.h"
#include "rtwq/platform_events.h"

#include <utility>

namespace rtworkq {
namespace {

Napi::Value acquire(const Napi::CallbackInfo& info) { return to_js(info, environment_of(info).acquire()); }

Napi::Value is_idle(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), environment_of(info).idle());
}

void held(const Napi::CallbackInfo& info) {
  auto counts = info[0].As<Napi::Uint32Array>();
  for (std::size_t kind = 0; kind < kHolds; ++kind) {
    counts[kind] = environment_of(info).held(static_cast<Hold>(kind));
  }
}

Napi::Value has_undelivered(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), environment_of(info).has_undelivered());
}

Napi::Value release(const Napi::CallbackInfo& info) { return to_js(info, environment_of(info).release()); }

Napi::Value await_idle(const Napi::CallbackInfo& info) {
  Environment& environment = environment_of(info);
  const auto notice = make<Notice>(environment.sink(), operation_id(info[0]), Hold::nothing);
  const auto start = [&](Notice&) {
    environment.notify_when_idle(notice);
    return Outcome{};
  };
  return to_js(info, environment.begin(notice, flag(info[1]), start));
}

void come_back(const Napi::CallbackInfo& info) { environment_of(info).come_back(); }

Napi::Value lock_platform(const Napi::CallbackInfo& info) {
  Environment& environment = environment_of(info);
  PlatformLock lock;
  const Outcome outcome = PlatformLock::lock(lock);
  if (!outcome.failed()) environment.out(0) = environment.platform_locks.add(std::move(lock));
  return to_js(info, outcome);
}

Napi::Value unlock_platform(const Napi::CallbackInfo& info) {
  return to_js(info, environment_of(info).platform_locks.remove(number(info[0])).unlock());
}

Napi::Value now(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), Environment::now()); }

Napi::Value add_periodic_callback(const Napi::CallbackInfo& info) {
  Environment& environment = environment_of(info);
  const auto callback = make<PeriodicCallback>(environment.sink(), operation_id(info[0]));
  const auto start = [](PeriodicCallback& added) { return added.add(); };
  return to_js(info, environment.begin(callback, flag(info[1]), start));
}

Napi::Value register_platform_events(const Napi::CallbackInfo& info) {
  Environment& environment = environment_of(info);
  const auto events = make<PlatformEvents>(environment.sink(), operation_id(info[0]));
  const auto start = [](PlatformEvents& added) { return added.add(); };
  return to_js(info, environment.begin(events, false, start));
}

}  // namespace

void bind_platform(Napi::Object& functions, Environment& environment) {
  bind<acquire>(functions, "acquire", environment);
  bind<is_idle>(functions, "isIdle", environment);
  bind<held>(functions, "held", environment);
  bind<has_undelivered>(functions, "hasUndelivered", environment);
  bind<come_back>(functions, "comeBack", environment);
  bind<release>(functions, "release", environment);
  bind<await_idle>(functions, "awaitIdle", environment);
  bind<lock_platform>(functions, "lockPlatform", environment);
  bind<unlock_platform>(functions, "unlockPlatform", environment);
  bind<now>(functions, "now", environment);
  bind<add_periodic_callback>(functions, "addPeriodicCallback", environment);
  bind<register_platform_events>(functions, "registerPlatformEvents", environment);
}

Napi::Value open_environment(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto hooks = info[0].As<Napi::Object>();
  Environment& environment = Environment::open(env, {
                                                        hooks,
                                                        hooks.Get("settle").As<Napi::Function>(),
                                                        hooks.Get("putOff").As<Napi::Function>(),
                                                        hooks.Get("batch").As<Napi::Float64Array>(),
                                                        hooks.Get("out").As<Napi::Float64Array>(),
                                                    });
  auto functions = Napi::Object::New(env);
  bind_platform(functions, environment);
  bind_work_items(functions, environment);
  bind_work_queues(functions, environment);
  bind_handles(functions, environment);
  bind_mutexes(functions, environment);
  bind_waits(functions, environment);
  bind_mmcss(functions, environment);
  bind_settings(functions, environment);
  return functions;
}

}  // namespace rtworkq
