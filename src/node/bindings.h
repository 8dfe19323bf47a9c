// The functions that lib/ sees, one source file per topic.

#pragma once

#include <napi.h>

namespace rtworkq {

/// (hooks) => the functions of a new environment. schedule.cc
Napi::Value open_environment(const Napi::CallbackInfo& info);

/// () => what was found of RTWorkQ.dll. support.cc
Napi::Value describe(const Napi::CallbackInfo& info);

/// (hresult) => the system's text for it, or "". support.cc
Napi::Value system_message(const Napi::CallbackInfo& info);

/// The names of RTWorkQ's functions by their indexes in an encoded outcome. support.cc
Napi::Value function_names(Napi::Env env);

}  // namespace rtworkq
