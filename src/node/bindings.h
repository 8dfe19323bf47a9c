// The functions that lib/ sees, one source file per topic. lib/internal/native.ts says what each takes and gives.

#pragma once

#include <napi.h>

namespace rtworkq {

class Environment;

/// (hooks) => the functions of a new environment. platform.cc
Napi::Value open_environment(const Napi::CallbackInfo& info);

// The functions of an environment.
void bind_platform(Napi::Object& functions, Environment& environment);     // platform.cc
void bind_work_items(Napi::Object& functions, Environment& environment);   // schedule.cc
void bind_work_queues(Napi::Object& functions, Environment& environment);  // queues.cc
void bind_waitables(Napi::Object& functions, Environment& environment);    // waits.cc
void bind_mmcss(Napi::Object& functions, Environment& environment);        // mmcss.cc
void bind_settings(Napi::Object& functions, Environment& environment);     // settings.cc

/// () => what was found of RTWorkQ.dll. support.cc
Napi::Value describe(const Napi::CallbackInfo& info);

/// (hresult) => the system's text for it, or "". support.cc
Napi::Value system_message(const Napi::CallbackInfo& info);

/// The names of the functions by their indexes in an encoded outcome. support.cc
Napi::Value function_names(Napi::Env env);

/// (value) => whether it is native work, an external with the tag of rtworkq_work.h. schedule.cc
Napi::Value is_native_work(const Napi::CallbackInfo& info);

/// () => the names of the MMCSS classes. mmcss.cc
Napi::Value list_mmcss_classes(const Napi::CallbackInfo& info);

/// (handle) => whether libuv owns it, as far as can be told. libuv_handles.cc
Napi::Value is_libuv_handle(const Napi::CallbackInfo& info);

}  // namespace rtworkq
