// The functions that lib/ calls, one source file per topic. lib/internal/native.ts documents their arguments and
// results.

#pragma once

#include <napi.h>

namespace rtworkq {

class Environment;

/// (hooks) => a new environment's functions. platform.cc
Napi::Value open_environment(const Napi::CallbackInfo& info);

// These add an environment's functions to `functions`.
void bind_platform(Napi::Object& functions, Environment& environment);     // platform.cc
void bind_work_items(Napi::Object& functions, Environment& environment);   // schedule.cc
void bind_work_queues(Napi::Object& functions, Environment& environment);  // queues.cc
void bind_handles(Napi::Object& functions, Environment& environment);      // handles.cc
void bind_mutexes(Napi::Object& functions, Environment& environment);      // mutexes.cc
void bind_waits(Napi::Object& functions, Environment& environment);        // waits.cc
void bind_mmcss(Napi::Object& functions, Environment& environment);        // mmcss.cc
void bind_settings(Napi::Object& functions, Environment& environment);     // settings.cc

/// () => whether RTWorkQ.dll is usable, and its path and version. support.cc
Napi::Value describe(const Napi::CallbackInfo& info);

/// (hresult) => Windows' message text for it, or "". support.cc
Napi::Value system_message(const Napi::CallbackInfo& info);

/// Function names, indexed as in an encoded outcome. support.cc
Napi::Value function_names(Napi::Env env);

/// (value) => whether it is native work: an external with rtworkq_work.h's type tag. schedule.cc
Napi::Value is_native_work(const Napi::CallbackInfo& info);

/// () => the names of the MMCSS classes. mmcss.cc
Napi::Value list_mmcss_classes(const Napi::CallbackInfo& info);

/// (handle) => whether libuv is known to own it. libuv_handles.cc
Napi::Value is_libuv_handle(const Napi::CallbackInfo& info);

}  // namespace rtworkq
