// The addon's functions. Called on the JavaScript thread.

#pragma once

#include <windows.h>

#include <napi.h>

namespace rtworkq::bench {

/// (callback): puts one work item; the callback gets its status
void put(const Napi::CallbackInfo& info);

/// (callback): what ping() answers to
void start_ping_pong(const Napi::CallbackInfo& info);
/// puts one work item
void ping(const Napi::CallbackInfo& info);
void stop_ping_pong(const Napi::CallbackInfo& info);

}  // namespace rtworkq::bench
