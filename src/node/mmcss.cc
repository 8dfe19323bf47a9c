// MMCSS for queues, the platform and the calling thread. JavaScript thread.

#include "rtwq/mmcss.h"

#include "node/arguments.h"
#include "node/bindings.h"

#include <string>
#include <utility>
#include <vector>

namespace rtworkq {
namespace {

/// (id, queue, ...): creates an MmcssChange for the queue and calls `start(change)`.
template <class Start>
Napi::Value begin(const Napi::CallbackInfo& info, Start start) {
  Environment& environment = environment_of(info);
  const auto change = make<MmcssChange>(environment.sink(), operation_id(info[0]), queue_of(info, 1));
  return to_js(info, environment.begin(change, true, start));
}

Napi::Value register_queue(const Napi::CallbackInfo& info) {
  const std::wstring usage_class = text(info[2]);
  return begin(info, [&](MmcssChange& change) {
    return change.begin_register(usage_class.c_str(), number(info[3]), signed_number(info[4]));
  });
}

Napi::Value unregister_queue(const Napi::CallbackInfo& info) {
  return begin(info, [](MmcssChange& change) { return change.begin_unregister(); });
}

/// (queue) => the class, with the task id and the priority in `out`; or a failed outcome.
Napi::Value registration(const Napi::CallbackInfo& info) {
  MmcssRegistration found;
  const Outcome outcome = mmcss_registration(queue_of(info, 0)->id(), found);
  if (outcome.failed()) return to_js(info, outcome);
  environment_of(info).out(0) = found.task;
  environment_of(info).out(1) = found.priority;
  return to_js(info.Env(), found.usage_class);
}

Napi::Value register_platform(const Napi::CallbackInfo& info) {
  Environment& environment = environment_of(info);
  DWORD task = number(info[1]);
  const Outcome outcome = environment.platform_task.register_as(text(info[0]).c_str(), task, signed_number(info[2]));
  environment.out(0) = task;
  return to_js(info, outcome);
}

Napi::Value unregister_platform(const Napi::CallbackInfo& info) {
  return to_js(info, environment_of(info).platform_task.unregister());
}

Napi::Value register_thread(const Napi::CallbackInfo& info) {
  Environment& environment = environment_of(info);
  DWORD task = number(info[1]);
  ThreadTask made;
  const Outcome outcome = ThreadTask::make(text(info[0]).c_str(), task, signed_number(info[2]), made);
  if (!outcome.failed()) environment.out(0) = environment.thread_tasks.add(std::move(made));
  environment.out(1) = task;
  return to_js(info, outcome);
}

Napi::Value unregister_thread(const Napi::CallbackInfo& info) {
  return to_js(info, environment_of(info).thread_tasks.remove(number(info[0])).unregister());
}

Napi::Value register_timers(const Napi::CallbackInfo& info) {
  Environment& environment = environment_of(info);
  DWORD task = number(info[1]);
  TimersTask lease;
  const Outcome outcome = TimersTask::lease(text(info[0]).c_str(), task, signed_number(info[2]), lease);
  if (!outcome.failed()) environment.out(0) = environment.timers_tasks.add(std::move(lease));
  environment.out(1) = task;
  return to_js(info, outcome);
}

Napi::Value unregister_timers(const Napi::CallbackInfo& info) {
  return to_js(info, environment_of(info).timers_tasks.remove(number(info[0])).release());
}

}  // namespace

void bind_mmcss(Napi::Object& functions, Environment& environment) {
  bind<register_queue>(functions, "registerQueueWithMmcss", environment);
  bind<unregister_queue>(functions, "unregisterQueueFromMmcss", environment);
  bind<registration>(functions, "mmcss", environment);
  bind<register_platform>(functions, "registerPlatformWithMmcss", environment);
  bind<unregister_platform>(functions, "unregisterPlatformFromMmcss", environment);
  bind<register_thread>(functions, "registerThreadWithMmcss", environment);
  bind<unregister_thread>(functions, "unregisterThreadFromMmcss", environment);
  bind<register_timers>(functions, "registerTimersWithMmcss", environment);
  bind<unregister_timers>(functions, "unregisterTimersFromMmcss", environment);
}

Napi::Value list_mmcss_classes(const Napi::CallbackInfo& info) {
  const std::vector<std::wstring> classes = mmcss_classes();
  auto names = Napi::Array::New(info.Env(), classes.size());
  for (std::uint32_t index = 0; index < classes.size(); ++index) names[index] = to_js(info.Env(), classes[index]);
  return names;
}

}  // namespace rtworkq
