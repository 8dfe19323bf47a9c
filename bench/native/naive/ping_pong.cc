// The least that a round trip takes: one work item, one call of a ThreadSafeFunction that is there already.

#include "addon.h"
#include "work_items.h"

#include <utility>

namespace rtworkq::bench {
namespace {

class Pong final : public Callback {
 public:
  explicit Pong(Napi::ThreadSafeFunction function) noexcept : function_(std::move(function)) {}

  // On RTWorkQ's thread.
  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult*) noexcept override {
    function_.NonBlockingCall();
    return S_OK;
  }

  void stop() { function_.Release(); }

 private:
  Napi::ThreadSafeFunction function_;
};

// The JavaScript thread's; the benchmark has no other.
ComPtr<Pong> pong;

}  // namespace

void start_ping_pong(const Napi::CallbackInfo& info) {
  pong = make<Pong>(Napi::ThreadSafeFunction::New(info.Env(), info[0].As<Napi::Function>(), "ping-pong", 0, 1));
}

void ping(const Napi::CallbackInfo&) { pong->put(); }

void stop_ping_pong(const Napi::CallbackInfo&) {
  pong->stop();
  pong.reset();
}

}  // namespace rtworkq::bench
