// Allocates, locks and closes work queues; sets deadlines and joins file handles. JavaScript thread.

#include "node/arguments.h"
#include "node/bindings.h"
#include "rtwq/work_queue.h"

#include <optional>
#include <utility>

namespace rtworkq {
namespace {

/// Calls `make_queue(sink, queue)`; stores the queue's number and id in `out`.
template <class Make>
Napi::Value add_queue(const Napi::CallbackInfo& info, Make make_queue) {
  Environment& environment = environment_of(info);
  ComPtr<WorkQueue> queue;
  const Outcome outcome = make_queue(environment.sink(), queue);
  if (!outcome.failed()) {
    environment.out(1) = queue->id();
    environment.out(0) = environment.queues.add(std::move(queue));
  }
  return to_js(info, outcome);
}

Napi::Value allocate(const Napi::CallbackInfo& info) {
  const auto type = static_cast<RTWQ_WORKQUEUE_TYPE>(number(info[0]));
  return add_queue(
      info, [type](CompletionSink& sink, ComPtr<WorkQueue>& queue) { return WorkQueue::allocate(sink, type, queue); });
}

Napi::Value allocate_serial(const Napi::CallbackInfo& info) {
  const ComPtr<WorkQueue> target = queue_of(info, 0);
  return add_queue(info, [&target](CompletionSink& sink, ComPtr<WorkQueue>& queue) {
    return WorkQueue::allocate_serial(sink, target, queue);
  });
}

Napi::Value lock_shared(const Napi::CallbackInfo& info) {
  const std::wstring usage_class = text(info[0]);
  const LONG base_priority = signed_number(info[1]);
  DWORD task = number(info[2]);
  const Napi::Value outcome = add_queue(info, [&](CompletionSink& sink, ComPtr<WorkQueue>& queue) {
    return WorkQueue::lock_shared(sink, usage_class.c_str(), base_priority, task, queue);
  });
  environment_of(info).out(2) = task;
  return outcome;
}

Napi::Value lock(const Napi::CallbackInfo& info) {
  const DWORD id = number(info[0]);
  return add_queue(info,
                   [id](CompletionSink& sink, ComPtr<WorkQueue>& queue) { return WorkQueue::lock(sink, id, queue); });
}

Napi::Value close(const Napi::CallbackInfo& info) {
  Environment& environment = environment_of(info);
  queue_of(info, 0);
  const auto notice = make<Notice>(environment.sink(), operation_id(info[1]), Hold::other);
  // The queue is unlocked when the last operation on it ends, which may be now.
  const auto start = [&](Notice&) {
    const ComPtr<WorkQueue> queue = environment.queues.remove(number(info[0]));
    queue->notify_when_unlocked(notice);
    return Outcome{};
  };
  return to_js(info, environment.begin(notice, true, start));
}

void forget(const Napi::CallbackInfo& info) { environment_of(info).queues.remove(number(info[0])); }

Napi::Value set_long_running(const Napi::CallbackInfo& info) {
  const HRESULT result = api().RtwqSetLongRunning(queue_of(info, 0)->id(), flag(info[1]));
  return to_js(info, {result, Function::RtwqSetLongRunning});
}

/// Calls `make_request(request)`; stores the request's number in `out`.
template <class Make>
Napi::Value add_request(const Napi::CallbackInfo& info, Make make_request) {
  Environment& environment = environment_of(info);
  QueueRequest request;
  const Outcome outcome = make_request(request);
  if (!outcome.failed()) environment.out(0) = environment.queue_requests.add(std::move(request));
  return to_js(info, outcome);
}

Napi::Value set_deadline(const Napi::CallbackInfo& info) {
  std::optional<std::int64_t> pre_deadline;
  if (info[2].IsNumber()) pre_deadline = long_number(info[2]);
  return add_request(info, [&](QueueRequest& request) {
    return QueueRequest::set_deadline(queue_of(info, 0), long_number(info[1]), pre_deadline, request);
  });
}

Napi::Value join(const Napi::CallbackInfo& info) {
  return add_request(
      info, [&](QueueRequest& request) { return QueueRequest::join(queue_of(info, 0), raw_handle(info[1]), request); });
}

Napi::Value take_back(const Napi::CallbackInfo& info) {
  return to_js(info, environment_of(info).queue_requests.remove(number(info[0])).take_back());
}

}  // namespace

void bind_work_queues(Napi::Object& functions, Environment& environment) {
  bind<allocate>(functions, "allocateQueue", environment);
  bind<allocate_serial>(functions, "allocateSerialQueue", environment);
  bind<lock_shared>(functions, "lockSharedQueue", environment);
  bind<lock>(functions, "lockQueue", environment);
  bind<close>(functions, "closeQueue", environment);
  bind<forget>(functions, "forgetQueue", environment);
  bind<set_long_running>(functions, "setLongRunning", environment);
  bind<set_deadline>(functions, "setDeadline", environment);
  bind<join>(functions, "joinQueue", environment);
  bind<take_back>(functions, "takeBack", environment);
}

}  // namespace rtworkq
