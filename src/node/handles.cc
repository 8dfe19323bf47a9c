// Creates, opens, signals and closes waitable handles. JavaScript thread.

#include "node/handles.h"
#include "node/bindings.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace rtworkq {
namespace {

using object::Kind;

/// add_handle() for an event. out: also whether it is a manual-reset event.
Napi::Value add_event(const Napi::CallbackInfo& info, const Outcome& outcome, UniqueHandle event,
                      waitable::Origin origin = waitable::Origin::opened) {
  const Kind kind = outcome.failed() ? Kind::unknown : object::kind_of_event(event.get());
  environment_of(info).out(2) = kind == Kind::other;
  return add_handle(info, outcome, std::move(event), kind, origin);
}

Napi::Value create_event(const Napi::CallbackInfo& info) {
  UniqueHandle event;
  waitable::Origin origin{};
  const Outcome outcome = create_object(info, [&](waitable::Identity identity) {
    return waitable::create_event(identity, flag(info[2]), flag(info[3]), event, origin);
  });
  return add_event(info, outcome, std::move(event), origin);
}

Napi::Value open_event(const Napi::CallbackInfo& info) {
  UniqueHandle event;
  const Outcome outcome = waitable::open_event(OptionalText(info[0]).get(), event);
  return add_event(info, outcome, std::move(event));
}

Napi::Value create_semaphore(const Napi::CallbackInfo& info) {
  UniqueHandle semaphore;
  waitable::Origin origin{};
  const Outcome outcome = create_object(info, [&](waitable::Identity identity) {
    return waitable::create_semaphore(identity, signed_number(info[2]), signed_number(info[3]), semaphore, origin);
  });
  return add_handle(info, outcome, std::move(semaphore), Kind::semaphore, origin);
}

Napi::Value open_semaphore(const Napi::CallbackInfo& info) {
  UniqueHandle semaphore;
  const Outcome outcome = waitable::open_semaphore(OptionalText(info[0]).get(), semaphore);
  return add_handle(info, outcome, std::move(semaphore), Kind::semaphore);
}

Napi::Value create_timer(const Napi::CallbackInfo& info) {
  UniqueHandle timer;
  waitable::Origin origin{};
  bool high_resolution = flag(info[3]);
  const Outcome outcome = create_object(info, [&](waitable::Identity identity) {
    return waitable::create_timer(identity, flag(info[2]), timer, origin, high_resolution);
  });
  environment_of(info).out(2) = high_resolution;
  return add_handle(info, outcome, std::move(timer), Kind::timer, origin);
}

Napi::Value open_timer(const Napi::CallbackInfo& info) {
  UniqueHandle timer;
  const Outcome outcome = waitable::open_timer(OptionalText(info[0]).get(), timer);
  return add_handle(info, outcome, std::move(timer), Kind::timer);
}

Napi::Value open_process(const Napi::CallbackInfo& info) {
  UniqueHandle process;
  const Outcome outcome = waitable::open_process(number(info[0]), process);
  return add_handle(info, outcome, std::move(process), Kind::other);
}

Napi::Value answer(const Napi::CallbackInfo& info, BOOL done, Function function) {
  return to_js(info, done ? Outcome{} : Outcome::last_error(function));
}

Napi::Value set_event(const Napi::CallbackInfo& info) {
  return answer(info, SetEvent(handle_of(info)), Function::SetEvent);
}

Napi::Value reset_event(const Napi::CallbackInfo& info) {
  return answer(info, ResetEvent(handle_of(info)), Function::ResetEvent);
}

Napi::Value release_semaphore(const Napi::CallbackInfo& info) {
  LONG before = 0;
  const BOOL done = ReleaseSemaphore(handle_of(info), signed_number(info[1]), &before);
  environment_of(info).out(0) = before;
  return answer(info, done, Function::ReleaseSemaphore);
}

/// 1 January 1970, in milliseconds since Windows' epoch, 1 January 1601.
constexpr double kUnixEpochMs = 11'644'473'600'000.0;

Napi::Value set_timer(const Napi::CallbackInfo& info) {
  Environment& environment = environment_of(info);
  const double milliseconds = real_number(info[1]);
  const bool by_system_clock = flag(info[2]);
  waiter::TimerSetting setting;
  // Relative times are rounded up, so that the timer is never early. Dates before 1601 mean now.
  setting.due = by_system_clock
                    ? static_cast<std::int64_t>(std::max(0.0, milliseconds + kUnixEpochMs)) * kUnitsPerMillisecond
                    : -static_cast<std::int64_t>(std::ceil(milliseconds * kUnitsPerMillisecond));
  setting.period = std::llround(real_number(info[3]) * kUnitsPerMillisecond);
  setting.resume = flag(info[4]);
  bool resumes = false;
  waiter::OpenHandle& timer = environment.handles[number(info[0])];
  const Outcome outcome = waiter::set_timer(timer.get(), timer.period, setting, resumes);
  environment.out(0) = resumes;
  return to_js(info, outcome);
}

Napi::Value cancel_timer(const Napi::CallbackInfo& info) {
  environment_of(info).handles[number(info[0])].period.reset();
  return answer(info, CancelWaitableTimer(handle_of(info)), Function::CancelWaitableTimer);
}

Napi::Value exit_code(const Napi::CallbackInfo& info) {
  bool ended = false;
  DWORD code = 0;
  const Outcome outcome = waitable::exit_code(handle_of(info), ended, code);
  environment_of(info).out(0) = ended;
  environment_of(info).out(1) = code;
  return to_js(info, outcome);
}

Napi::Value creation_time(const Napi::CallbackInfo& info) {
  std::uint64_t time = 0;
  const Outcome outcome = waitable::creation_time(handle_of(info), time);
  environment_of(info).out(0) = static_cast<double>(time / kUnitsPerMillisecond) - kUnixEpochMs;
  return to_js(info, outcome);
}

Napi::Value terminate_process(const Napi::CallbackInfo& info) {
  bool terminated = false;
  const Outcome outcome = waitable::terminate_process(handle_of(info), number(info[1]), number(info[2]), terminated);
  environment_of(info).out(0) = terminated;
  return to_js(info, outcome);
}

Napi::Value handle_value(const Napi::CallbackInfo& info) {
  const auto value = static_cast<std::uint64_t>(reinterpret_cast<UINT_PTR>(handle_of(info)));
  return Napi::BigInt::New(info.Env(), value);
}

void close_handle(const Napi::CallbackInfo& info) {
  waiter::OpenHandle closed = environment_of(info).handles.remove(number(info[0]));
  closed.mutex.end(waiter::Mutex::Then::release);
}

/// (descriptor)
Napi::Value check_security(const Napi::CallbackInfo& info) {
  Security security;
  return to_js(info, Security::parse(text(info[0]).c_str(), security));
}

Napi::Value identity_of_process(const Napi::CallbackInfo& info) {
  const ProcessIdentity identity = process_identity();
  auto result = Napi::Object::New(info.Env());
  result["user"] = to_js(info.Env(), identity.user);
  result["logon"] = to_js(info.Env(), identity.logon);
  return result;
}

}  // namespace

void bind_handles(Napi::Object& functions, Environment& environment) {
  bind<create_event>(functions, "createEvent", environment);
  bind<open_event>(functions, "openEvent", environment);
  bind<set_event>(functions, "setEvent", environment);
  bind<reset_event>(functions, "resetEvent", environment);
  bind<create_semaphore>(functions, "createSemaphore", environment);
  bind<open_semaphore>(functions, "openSemaphore", environment);
  bind<release_semaphore>(functions, "releaseSemaphore", environment);
  bind<create_timer>(functions, "createTimer", environment);
  bind<open_timer>(functions, "openTimer", environment);
  bind<set_timer>(functions, "setTimer", environment);
  bind<cancel_timer>(functions, "cancelTimer", environment);
  bind<open_process>(functions, "openProcess", environment);
  bind<exit_code>(functions, "exitCode", environment);
  bind<creation_time>(functions, "creationTime", environment);
  bind<terminate_process>(functions, "terminateProcess", environment);
  bind<handle_value>(functions, "handleValue", environment);
  bind<close_handle>(functions, "closeHandle", environment);
  bind<check_security>(functions, "checkSecurity", environment);
  bind<identity_of_process>(functions, "processIdentity", environment);
}

}  // namespace rtworkq
