// The addon's exports. Called on the JavaScript thread.

#include "addon.h"

#include "rtwq/platform.h"
#include "work_items.h"

namespace {

Napi::Object init(Napi::Env env, Napi::Object exports) {
  // Never released: the addon stays until the process ends.
  rtworkq::bench::check(rtworkq::Platform::instance().acquire().result, "RtwqStartup");
  exports.Set("put", Napi::Function::New(env, rtworkq::bench::put));
  exports.Set("startPingPong", Napi::Function::New(env, rtworkq::bench::start_ping_pong));
  exports.Set("ping", Napi::Function::New(env, rtworkq::bench::ping));
  exports.Set("schedule", Napi::Function::New(env, rtworkq::bench::schedule));
  exports.Set("cancel", Napi::Function::New(env, rtworkq::bench::cancel));
  exports.Set("stopPingPong", Napi::Function::New(env, rtworkq::bench::stop_ping_pong));
  exports.Set("startTicking", Napi::Function::New(env, rtworkq::bench::start_ticking));
  exports.Set("createEvent", Napi::Function::New(env, rtworkq::bench::create_event));
  exports.Set("setEvent", Napi::Function::New(env, rtworkq::bench::set_event));
  exports.Set("setEventSoon", Napi::Function::New(env, rtworkq::bench::set_event_soon));
  exports.Set("eventSetAt", Napi::Function::New(env, rtworkq::bench::event_set_at));
  exports.Set("callOnEvent", Napi::Function::New(env, rtworkq::bench::call_on_event));
  return exports;
}

}  // namespace

NODE_API_MODULE(naive, init)
