// The simplest way to write it: a ThreadSafeFunction for each work item, as in node-addon-api's examples.

#include "addon.h"
#include "work_items.h"

#include <utility>

namespace rtworkq::bench {
namespace {

class Item final : public Callback {
 public:
  explicit Item(Napi::ThreadSafeFunction function) noexcept : function_(std::move(function)) {}

  // On an RTWorkQ thread.
  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult* result) noexcept override {
    const HRESULT status = result->GetStatus();
    function_.BlockingCall([status](Napi::Env env, Napi::Function callback) {
      callback.Call({Napi::Number::New(env, static_cast<double>(static_cast<DWORD>(status)))});
    });
    function_.Release();
    return S_OK;
  }

 private:
  Napi::ThreadSafeFunction function_;
};

}  // namespace

void put(const Napi::CallbackInfo& info) {
  const auto callback = info[0].As<Napi::Function>();
  make<Item>(Napi::ThreadSafeFunction::New(info.Env(), callback, "work item", 0, 1))->put();
}

}  // namespace rtworkq::bench
