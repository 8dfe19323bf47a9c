// The process's handles, threads and mutexes.

#pragma once

#include <napi.h>

/// () => how many handles the process has open
Napi::Value handle_count(const Napi::CallbackInfo& info);

/// (handle) => how many other handles to the same object the process had; they are closed
Napi::Value close_duplicates(const Napi::CallbackInfo& info);

/// (kind, name) => who may use a named object, in SDDL
Napi::Value security_of(const Napi::CallbackInfo& info);

/// (process id, descriptor): replaces who may use a process, in SDDL
void secure_process(const Napi::CallbackInfo& info);

/// () => how many threads the process has
Napi::Value thread_count(const Napi::CallbackInfo& info);

/// () => the id of the calling thread
Napi::Value current_thread(const Napi::CallbackInfo& info);

/// () => a mutex whose owner has ended without releasing it
Napi::Value create_abandoned_mutex(const Napi::CallbackInfo& info);

/// (mutex) => 'free', 'abandoned', or 'owned' by another thread. An abandoned mutex is free afterwards.
Napi::Value mutex_state(const Napi::CallbackInfo& info);
