// The addon's export table.

#include "node/bindings.h"

namespace {

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  exports["open"] = Napi::Function::New<rtworkq::open_environment>(env, "open");
  exports["describe"] = Napi::Function::New<rtworkq::describe>(env, "describe");
  exports["systemMessage"] = Napi::Function::New<rtworkq::system_message>(env, "systemMessage");
  exports["isNativeWork"] = Napi::Function::New<rtworkq::is_native_work>(env, "isNativeWork");
  exports["isLibuvHandle"] = Napi::Function::New<rtworkq::is_libuv_handle>(env, "isLibuvHandle");
  exports["listMmcssClasses"] = Napi::Function::New<rtworkq::list_mmcss_classes>(env, "listMmcssClasses");
  exports["functions"] = rtworkq::function_names(env);
  return exports;
}

}  // namespace

NODE_API_MODULE(rtworkq, initialize)
