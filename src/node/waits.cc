// Waits and alarms, which the waiter's threads run without RTWorkQ. JavaScript thread.

#include "node/arguments.h"
#include "node/bindings.h"
#include "waiter/alarm.h"
#include "waiter/wait.h"

#include <cstdint>
#include <utility>

namespace rtworkq {
namespace {

using waiter::Alarm;
using waiter::Until;
using waiter::Wait;

Until until_of(const Napi::Value& all) { return flag(all) ? Until::all : Until::any; }

Outcome open_targets(const Napi::CallbackInfo& info, const Napi::Value& value, Until until, waiter::Targets& targets) {
  const auto handles = value.As<Napi::Array>();
  targets.resize(handles.Length());
  for (std::uint32_t index = 0; index < targets.size(); ++index) {
    const Outcome opened = open_target(info, handles.Get(index), Function::WaitForMultipleObjects, targets[index]);
    if (opened.failed()) return opened;
  }
  return waiter::check_distinct(targets, until);
}

/// (id, ref, all, timeout, handles)
Napi::Value begin_wait(const Napi::CallbackInfo& info) {
  const std::int64_t deadline = waiter::deadline_after(real_number(info[3]));
  const Until until = until_of(info[2]);
  waiter::Targets targets;
  if (const Outcome opened = open_targets(info, info[4], until, targets); opened.failed()) return to_js(info, opened);
  Environment& environment = environment_of(info);
  const auto wait =
      make<Wait>(environment.sink(), operation_id(info[0]), environment.answers(), until, std::move(targets));
  const auto begin = [deadline](Wait& begun) { return begun.begin(deadline); };
  return to_js(info, environment.begin(wait, flag(info[1]), begin));
}

/// (all, handles)
Napi::Value poll(const Napi::CallbackInfo& info) {
  const Until until = until_of(info[0]);
  waiter::Targets targets;
  if (const Outcome opened = open_targets(info, info[1], until, targets); opened.failed()) return to_js(info, opened);
  return to_js(info, waiter::poll(targets, until, environment_of(info).out(0)));
}

/// (handle)
Napi::Value stays_signaled(const Napi::CallbackInfo& info) {
  WaitTarget target;
  const Outcome opened = open_target(info, info[0], Function::WaitForMultipleObjects, target);
  environment_of(info).out(0) = target.stays_signaled();
  return to_js(info, opened);
}

void refuse(const Napi::CallbackInfo& info) { environment_of(info).refuse(); }

void end_waits(const Napi::CallbackInfo& info) { environment_of(info).end_waits(); }

Napi::Value open_alarm(const Napi::CallbackInfo& info) {
  Environment& environment = environment_of(info);
  const auto alarm = make<Alarm>(environment.sink(), operation_id(info[0]));
  const auto start = [](Alarm& made) { return made.open(); };
  return to_js(info, environment.begin(alarm, flag(info[1]), start));
}

Napi::Value set_alarm(const Napi::CallbackInfo& info) {
  Environment& environment = environment_of(info);
  const OperationId id = operation_id(info[0]);
  auto* alarm = static_cast<Alarm*>(environment.operation(id));
  if (!alarm) throw Napi::Error::New(info.Env(), "rtworkq refers to an alarm that no longer exists.");
  environment.set_resting(id, false);
  return to_js(info, alarm->set(real_number(info[1]), real_number(info[2])));
}

void rest_alarm(const Napi::CallbackInfo& info) { environment_of(info).set_resting(operation_id(info[0]), true); }

}  // namespace

void bind_waits(Napi::Object& functions, Environment& environment) {
  bind<begin_wait>(functions, "beginWait", environment);
  bind<poll>(functions, "poll", environment);
  bind<stays_signaled>(functions, "staysSignaled", environment);
  bind<refuse>(functions, "refuse", environment);
  bind<end_waits>(functions, "endWaits", environment);
  bind<open_alarm>(functions, "openAlarm", environment);
  bind<set_alarm>(functions, "setAlarm", environment);
  bind<rest_alarm>(functions, "restAlarm", environment);
}

}  // namespace rtworkq
