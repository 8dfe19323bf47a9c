// The addon's functions. Called on the JavaScript thread.

#pragma once

#include <windows.h>

#include <napi.h>

namespace rtworkq::bench {

/// (callback): puts one work item; calls back with its status
void put(const Napi::CallbackInfo& info);

/// (callback): sets the callback for ping(); it gets the number of items that fired since its last call
void start_ping_pong(const Napi::CallbackInfo& info);
/// puts one work item
void ping(const Napi::CallbackInfo& info);
/// (milliseconds): schedules one work item
void schedule(const Napi::CallbackInfo& info);
/// cancels the item that was scheduled last
void cancel(const Napi::CallbackInfo& info);
void stop_ping_pong(const Napi::CallbackInfo& info);

}  // namespace rtworkq::bench
