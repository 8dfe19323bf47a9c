// Process settings that affect timer accuracy. JavaScript thread.

#include "node/arguments.h"
#include "node/bindings.h"
#include "rtwq/power_throttling.h"
#include "rtwq/timer_resolution.h"

#include <utility>

namespace rtworkq {
namespace {

Napi::Value timer_resolution_range(const Napi::CallbackInfo& info) {
  Environment& environment = environment_of(info);
  TimerResolution::Range range;
  const Outcome outcome = TimerResolution::range(range);
  environment.out(0) = range.minimum;
  environment.out(1) = range.maximum;
  return to_js(info, outcome);
}

Napi::Value request_timer_resolution(const Napi::CallbackInfo& info) {
  Environment& environment = environment_of(info);
  TimerResolution requested;
  const Outcome outcome = TimerResolution::request(number(info[0]), requested);
  if (!outcome.failed()) environment.out(0) = environment.timer_resolutions.add(std::move(requested));
  return to_js(info, outcome);
}

Napi::Value release_timer_resolution(const Napi::CallbackInfo& info) {
  return to_js(info, environment_of(info).timer_resolutions.remove(number(info[0])).release());
}

/// From a boolean, 'system' or undefined.
Throttling throttling(const Napi::Value& value) {
  if (value.IsUndefined()) return Throttling::unchanged;
  if (!value.IsBoolean()) return Throttling::system_default;
  return flag(value) ? Throttling::always : Throttling::never;
}

Napi::Value set_power_throttling(const Napi::CallbackInfo& info) {
  return to_js(info, throttle_process(throttling(info[0]), throttling(info[1])));
}

}  // namespace

void bind_settings(Napi::Object& functions, Environment& environment) {
  bind<timer_resolution_range>(functions, "timerResolutionRange", environment);
  bind<request_timer_resolution>(functions, "requestTimerResolution", environment);
  bind<release_timer_resolution>(functions, "releaseTimerResolution", environment);
  bind<set_power_throttling>(functions, "setPowerThrottling", environment);
}

}  // namespace rtworkq
