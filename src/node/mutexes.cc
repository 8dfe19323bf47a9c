// Mutexes. JavaScript thread.

#include "waiter/mutex.h"

#include "node/bindings.h"
#include "node/handles.h"

#include <utility>

namespace rtworkq {
namespace {

using waiter::Acquisition;
using waiter::Mutex;

Napi::Value create_mutex(const Napi::CallbackInfo& info) {
  UniqueHandle mutex;
  waitable::Origin origin{};
  const Outcome outcome =
      create_object(info, [&](waitable::Identity identity) { return waitable::create_mutex(identity, mutex, origin); });
  return add_handle(info, outcome, std::move(mutex), object::Kind::mutex, origin);
}

Napi::Value open_mutex(const Napi::CallbackInfo& info) {
  UniqueHandle mutex;
  const Outcome outcome = waitable::open_mutex(OptionalText(info[0]).get(), mutex);
  return add_handle(info, outcome, std::move(mutex), object::Kind::mutex);
}

Napi::Value mutex_exists(const Napi::CallbackInfo& info) {
  bool exists = false;
  const Outcome outcome = waitable::mutex_exists(OptionalText(info[0]).get(), exists);
  environment_of(info).out(0) = exists;
  return to_js(info, outcome);
}

const ComPtr<Mutex>& mutex_of(const Napi::CallbackInfo& info, std::size_t argument) {
  waiter::OpenHandle& open = environment_of(info).handles[number(info[argument])];
  return open.mutex.get(open.get());
}

/// (id, ref, mutex, timeout)
Napi::Value acquire_mutex(const Napi::CallbackInfo& info) {
  Environment& environment = environment_of(info);
  const auto acquisition = make<Acquisition>(environment.sink(), operation_id(info[0]), environment.answers(),
                                             mutex_of(info, 2), waiter::deadline_after(real_number(info[3])));
  const auto begin = [](Acquisition& begun) { return begun.begin(); };
  return to_js(info, environment.begin(acquisition, flag(info[1]), begin));
}

Napi::Value release_mutex(const Napi::CallbackInfo& info) { return to_js(info, mutex_of(info, 0)->release()); }

void end_mutex(const Napi::CallbackInfo& info) { mutex_of(info, 0)->end(Mutex::Then::release); }

}  // namespace

void bind_mutexes(Napi::Object& functions, Environment& environment) {
  bind<create_mutex>(functions, "createMutex", environment);
  bind<open_mutex>(functions, "openMutex", environment);
  bind<mutex_exists>(functions, "mutexExists", environment);
  bind<acquire_mutex>(functions, "acquireMutex", environment);
  bind<release_mutex>(functions, "releaseMutex", environment);
  bind<end_mutex>(functions, "endMutex", environment);
}

}  // namespace rtworkq
