// Opening an environment, the platform's life, and what goes on without a work item. On the JavaScript thread.

#include "rtwq/platform.h"

#include "node/arguments.h"
#include "node/bindings.h"
#include "rtwq/periodic_callback.h"
#include "rtwq/platform_events.h"

namespace rtworkq {
namespace {

Napi::Value acquire(const Napi::CallbackInfo& info) { return to_js(info, environment_of(info).acquire()); }

Napi::Value give_back(const Napi::CallbackInfo& info) {
  Outcome outcome;
  if (!environment_of(info).give_back(flag(info[0]), outcome)) return info.Env().Undefined();
  return to_js(info, outcome);
}

Napi::Value lock_platform(const Napi::CallbackInfo& info) { return to_js(info, environment_of(info).lock_platform()); }

Napi::Value unlock_platform(const Napi::CallbackInfo& info) {
  return to_js(info, environment_of(info).unlock_platform());
}

Napi::Value now(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), Environment::now()); }

Napi::Value add_periodic_callback(const Napi::CallbackInfo& info) {
  Environment& environment = environment_of(info);
  const auto callback = make<PeriodicCallback>(environment.sink(), number(info[0]));
  const auto start = [](PeriodicCallback& added) { return added.add(); };
  return to_js(info, environment.begin(callback, flag(info[1]), start));
}

Napi::Value register_platform_events(const Napi::CallbackInfo& info) {
  Environment& environment = environment_of(info);
  const auto events = make<PlatformEvents>(environment.sink(), number(info[0]));
  const auto start = [](PlatformEvents& added) { return added.add(); };
  return to_js(info, environment.begin_without_platform(events, false, start));
}

}  // namespace

void bind_platform(Napi::Object& functions, Environment& environment) {
  bind<acquire>(functions, "acquire", environment);
  bind<give_back>(functions, "giveBack", environment);
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
                                                        hooks.Get("settle").As<Napi::Function>(),
                                                        hooks.Get("released").As<Napi::Function>(),
                                                        hooks.Get("batch").As<Napi::Float64Array>(),
                                                        hooks.Get("out").As<Napi::Float64Array>(),
                                                    });
  auto functions = Napi::Object::New(env);
  bind_platform(functions, environment);
  bind_work_items(functions, environment);
  bind_work_queues(functions, environment);
  bind_waitables(functions, environment);
  bind_mmcss(functions, environment);
  return functions;
}

}  // namespace rtworkq
