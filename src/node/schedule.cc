// Starts and stops work items, and refs and unrefs them. JavaScript thread.

#include "base/clock.h"
#include "node/arguments.h"
#include "node/bindings.h"
#include "rtwq/work_item.h"
#include "rtwq/work_items.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

namespace rtworkq {
namespace {

std::unique_ptr<const NativeWork> native_work(const Napi::Value& value) {
  if (!value.IsExternal()) return nullptr;
  return std::make_unique<const NativeWork>(*value.As<Napi::External<rtworkq_work>>().Data());
}

/// (id, queue, ref, work, ...): creates a work item and calls `start(item)`.
template <class Start>
Napi::Value begin(const Napi::CallbackInfo& info, Hold hold, Start start) {
  Environment& environment = environment_of(info);
  const auto item =
      make<WorkItem>(environment.sink(), operation_id(info[0]), hold, *queue_of(info, 1), native_work(info[3]));
  const Outcome outcome = environment.begin(item, flag(info[2]), start);
  environment.out(0) = static_cast<std::uint32_t>(item->key());
  environment.out(1) = static_cast<std::uint32_t>(item->key() >> 32);
  return to_js(info, outcome);
}

/// The same for an item that goes to its queue immediately. Reuses a spare item unless there is native work.
template <class Start>
Napi::Value begin_at_once(const Napi::CallbackInfo& info, Hold hold, Start start) {
  Environment& environment = environment_of(info);
  const OperationId id = operation_id(info[0]);
  WorkQueue& queue = *queue_of(info, 1);
  auto work = native_work(info[3]);
  const bool reusable = !work;
  SpareWorkItems::Spare spare;
  if (reusable) spare = environment.spare_work_items.take();
  if (spare.item) {
    spare.item->renew(id, hold, queue);
  } else {
    spare.item = make<WorkItem>(environment.sink(), id, hold, queue, std::move(work));
  }
  // Such items have no key.
  environment.out(0) = environment.out(1) = 0;
  const auto begin = [&](WorkItem& item) { return start(item, spare.result); };
  auto* const kept_result = reusable ? &spare.result : nullptr;
  return to_js(info, environment.begin(std::move(spare.item), flag(info[2]), begin, kept_result));
}

Napi::Value schedule(const Napi::CallbackInfo& info) {
  const std::int64_t milliseconds = long_number(info[4]);
  return begin(info, Hold::schedule, [milliseconds](WorkItem& item) { return item.schedule(milliseconds); });
}

Napi::Value put(const Napi::CallbackInfo& info) {
  const LONG priority = signed_number(info[4]);
  return begin_at_once(info, Hold::put,
                       [priority](WorkItem& item, auto& result) { return item.put(priority, result); });
}

Napi::Value invoke(const Napi::CallbackInfo& info) {
  const auto status = static_cast<HRESULT>(number(info[4]));
  return begin_at_once(info, Hold::invoke,
                       [status](WorkItem& item, auto& result) { return item.invoke(status, result); });
}

Napi::Value wait(const Napi::CallbackInfo& info) {
  const LONG priority = signed_number(info[4]);
  WaitTarget target;
  if (const Outcome opened = open_target(info, info[5], Function::RtwqPutWaitingWorkItem, target); opened.failed())
    return to_js(info, opened);
  return begin(info, Hold::wait, [&](WorkItem& item) { return item.wait(std::move(target), priority); });
}

/// (id, queue, ref, work, priority, count)
Napi::Value put_many(const Napi::CallbackInfo& info) {
  Environment& environment = environment_of(info);
  const LONG priority = signed_number(info[4]);
  const auto items = make<WorkItems>(environment.sink(), operation_id(info[0]), *queue_of(info, 1),
                                     native_work(info[3]), number(info[5]));
  environment.out(0) = environment.out(1) = 0;
  return to_js(info,
               environment.begin(items, flag(info[2]), [priority](WorkItems& begun) { return begun.put(priority); }));
}

/// (results, status, firedAt, offset)
void take_results(const Napi::CallbackInfo& info) {
  const std::unique_ptr<Results> results = environment_of(info).results.remove(number(info[0]));
  auto status = info[1].As<Napi::Uint32Array>();
  auto fired_at = info[2].As<Napi::Float64Array>();
  const double offset = real_number(info[3]);
  const std::size_t count = status.ElementLength();
  std::copy_n(results->status.get(), count, status.Data());
  std::transform(results->fired_at.get(), results->fired_at.get() + count, fired_at.Data(),
                 [offset](std::int64_t ticks) { return clock::to_milliseconds(ticks) + offset; });
}

Napi::Value stop(const Napi::CallbackInfo& info) {
  const auto to = flag(info[1]) ? Operation::State::closed : Operation::State::cancelled;
  return Napi::Boolean::New(info.Env(), environment_of(info).stop(operation_id(info[0]), to));
}

void set_ref(const Napi::CallbackInfo& info) { environment_of(info).set_ref(operation_id(info[0]), flag(info[1])); }

}  // namespace

void bind_work_items(Napi::Object& functions, Environment& environment) {
  bind<schedule>(functions, "schedule", environment);
  bind<put>(functions, "put", environment);
  bind<invoke>(functions, "invoke", environment);
  bind<wait>(functions, "wait", environment);
  bind<put_many>(functions, "putMany", environment);
  bind<take_results>(functions, "takeResults", environment);
  bind<stop>(functions, "stop", environment);
  bind<set_ref>(functions, "setRef", environment);
}

Napi::Value is_native_work(const Napi::CallbackInfo& info) {
  bool tagged = false;
  if (info[0].IsExternal()) napi_check_object_type_tag(info.Env(), info[0], &rtworkq_work_type_tag, &tagged);
  const bool complete = tagged && info[0].As<Napi::External<rtworkq_work>>().Data()->size >= sizeof(rtworkq_work);
  return Napi::Boolean::New(info.Env(), complete);
}

}  // namespace rtworkq
