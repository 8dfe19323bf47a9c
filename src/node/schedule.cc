// The functions of an environment as lib/ calls them, on the JavaScript thread. Each function carries its environment
// as its data, so none can be called on a stranger.

#include "node/bindings.h"
#include "node/environment.h"
#include "node/outcome.h"

#include <cstdint>

namespace rtworkq {
namespace {

Environment& environment_of(const Napi::CallbackInfo& info) { return *static_cast<Environment*>(info.Data()); }

std::uint32_t slot_of(const Napi::CallbackInfo& info) { return info[0].As<Napi::Number>().Uint32Value(); }

bool flag(const Napi::Value& value) { return value.As<Napi::Boolean>().Value(); }

Napi::Value to_js(const Napi::CallbackInfo& info, const Outcome& outcome) {
  return Napi::Number::New(info.Env(), encode(outcome));
}

/// (slot, milliseconds, queue, ref) => outcome; the item's key is in the hooks' `key` then, as with put
Napi::Value schedule(const Napi::CallbackInfo& info) {
  const std::int64_t milliseconds = info[1].As<Napi::Number>().Int64Value();
  const DWORD queue = info[2].As<Napi::Number>().Uint32Value();
  return to_js(info, environment_of(info).schedule(slot_of(info), milliseconds, queue, flag(info[3])));
}

/// (slot, queue, priority, ref) => outcome
Napi::Value put(const Napi::CallbackInfo& info) {
  const DWORD queue = info[1].As<Napi::Number>().Uint32Value();
  const LONG priority = info[2].As<Napi::Number>().Int32Value();
  return to_js(info, environment_of(info).put(slot_of(info), queue, priority, flag(info[3])));
}

/// (slot, closing) => whether this call settled the operation
Napi::Value stop(const Napi::CallbackInfo& info) {
  const auto to = flag(info[1]) ? WorkItem::State::closed : WorkItem::State::cancelled;
  return Napi::Boolean::New(info.Env(), environment_of(info).stop(slot_of(info), to));
}

/// (slot, ref)
void set_ref(const Napi::CallbackInfo& info) { environment_of(info).set_ref(slot_of(info), flag(info[1])); }

/// () => outcome
Napi::Value acquire(const Napi::CallbackInfo& info) { return to_js(info, environment_of(info).acquire()); }

/// (keepAlive) => outcome, or undefined when `released` will tell
Napi::Value give_back(const Napi::CallbackInfo& info) {
  Outcome outcome;
  if (!environment_of(info).give_back(flag(info[0]), outcome)) return info.Env().Undefined();
  return to_js(info, outcome);
}

/// () => milliseconds on the clock of the completions
Napi::Value now(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), Environment::now()); }

}  // namespace

Napi::Value open_environment(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto hooks = info[0].As<Napi::Object>();
  Environment& environment = Environment::open(env, {
                                                        hooks.Get("settle").As<Napi::Function>(),
                                                        hooks.Get("released").As<Napi::Function>(),
                                                        hooks.Get("batch").As<Napi::Float64Array>(),
                                                        hooks.Get("key").As<Napi::Uint32Array>(),
                                                    });
  auto functions = Napi::Object::New(env);
  functions["schedule"] = Napi::Function::New<schedule>(env, "schedule", &environment);
  functions["put"] = Napi::Function::New<put>(env, "put", &environment);
  functions["stop"] = Napi::Function::New<stop>(env, "stop", &environment);
  functions["setRef"] = Napi::Function::New<set_ref>(env, "setRef", &environment);
  functions["acquire"] = Napi::Function::New<acquire>(env, "acquire", &environment);
  functions["giveBack"] = Napi::Function::New<give_back>(env, "giveBack", &environment);
  functions["now"] = Napi::Function::New<now>(env, "now", &environment);
  return functions;
}

}  // namespace rtworkq
