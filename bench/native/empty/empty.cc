// One function that does nothing, called on the JavaScript thread.

#include <napi.h>

namespace {

Napi::Object init(Napi::Env env, Napi::Object exports) {
  exports.Set("call", Napi::Function::New(env, [](const Napi::CallbackInfo&) {}));
  return exports;
}

}  // namespace

NODE_API_MODULE(empty, init)
