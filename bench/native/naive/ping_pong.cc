// The lowest cost of a work item from JavaScript: one addon call per step, one ThreadSafeFunction for all items, no
// checks.

#include "addon.h"
#include "rtwq/api.h"
#include "work_items.h"

#include <atomic>
#include <cstdint>
#include <utility>

namespace rtworkq::bench {
namespace {

class Pong final : public Callback {
 public:
  explicit Pong(Napi::ThreadSafeFunction function) noexcept : function_(std::move(function)) {}

  // On an RTWorkQ thread. One call reports all items that have fired by then.
  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult*) noexcept override {
    if (fired_.fetch_add(1) == 0) function_.NonBlockingCall(this, report);
    return S_OK;
  }

  void stop() { function_.Release(); }

 private:
  // On the JavaScript thread.
  static void report(Napi::Env env, Napi::Function callback, Pong* pong) {
    callback.Call({Napi::Number::New(env, pong->fired_.exchange(0))});
  }

  Napi::ThreadSafeFunction function_;
  std::atomic<std::uint32_t> fired_{0};
};

// Used on the JavaScript thread only; the benchmark has no Workers.
ComPtr<Pong> pong;
RTWQWORKITEM_KEY key = 0;

}  // namespace

void start_ping_pong(const Napi::CallbackInfo& info) {
  pong = make<Pong>(Napi::ThreadSafeFunction::New(info.Env(), info[0].As<Napi::Function>(), "ping-pong", 0, 1));
}

void ping(const Napi::CallbackInfo&) { pong->put(); }

void schedule(const Napi::CallbackInfo& info) { key = pong->schedule(info[0].As<Napi::Number>().Int64Value()); }

void cancel(const Napi::CallbackInfo&) { check(api().RtwqCancelWorkItem(key), "RtwqCancelWorkItem"); }

void stop_ping_pong(const Napi::CallbackInfo&) {
  pong->stop();
  pong.reset();
}

}  // namespace rtworkq::bench
