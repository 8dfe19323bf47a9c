// Alters the functions of Windows that a loaded module calls: they fail on request, and tell what the module has done.

#pragma once

#include <napi.h>

/// (module): replaces the functions in the module's import table. They behave as before until one of the others is
/// called.
void alter_system(const Napi::CallbackInfo& info);

/// (name, calls): lets a function fail after that many further calls; a negative number lets it succeed. The names:
/// 'thread' for the start of a thread, 'SetWaitableTimer', 'RTWorkQ.dll' for loading it, 'NtQueryObject' for finding
/// it.
void set_system_fault(const Napi::CallbackInfo& info);

/// (milliseconds): replaces the time that the module's threads wait for work before they end.
void set_idle_time(const Napi::CallbackInfo& info);

/// (name) => how often one of these functions has succeeded
Napi::Value system_calls(const Napi::CallbackInfo& info);

/// (type): tells the module of a power event, as Windows does. False if the module has not subscribed.
Napi::Value power_event(const Napi::CallbackInfo& info);

/// () => the module's calls of avrt.dll since the last time: the function and the thread
Napi::Value avrt_calls(const Napi::CallbackInfo& info);
