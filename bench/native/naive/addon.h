// The addon's functions. Called on the JavaScript thread.

#pragma once

#include <windows.h>

#include <napi.h>

namespace rtworkq::bench {

/// (callback): puts one work item; the callback gets its status
void put(const Napi::CallbackInfo& info);

/// (callback): what ping() answers to; gets how many have fired since the last call
void start_ping_pong(const Napi::CallbackInfo& info);
/// puts one work item
void ping(const Napi::CallbackInfo& info);
/// (milliseconds): schedules one work item
void schedule(const Napi::CallbackInfo& info);
/// cancels the one that was scheduled last
void cancel(const Napi::CallbackInfo& info);
void stop_ping_pong(const Napi::CallbackInfo& info);

}  // namespace rtworkq::bench
