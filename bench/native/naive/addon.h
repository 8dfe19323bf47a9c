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

/// (milliseconds, callback): calls back at each tick; returns a function that stops the thread after its next tick
Napi::Value start_ticking(const Napi::CallbackInfo& info);

/// returns the handle of a new auto-reset event, which stays open
Napi::Value create_event(const Napi::CallbackInfo& info);
/// (event): sets it
void set_event(const Napi::CallbackInfo& info);
/// (event): sets it two milliseconds later, on another thread
void set_event_soon(const Napi::CallbackInfo& info);
/// returns when that thread set an event last, in milliseconds of the performance counter
Napi::Value event_set_at(const Napi::CallbackInfo& info);
/// (event, callback): calls back each time the event is set, until the process ends
void call_on_event(const Napi::CallbackInfo& info);

}  // namespace rtworkq::bench
