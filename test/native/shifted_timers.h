// Makes waitable timers fire early or late, as timers without high resolution do on Windows.

#pragma once

#include <napi.h>

/// (module, early, late): makes each timer that the module sets from now on fire at a random time, up to that many
/// milliseconds early or late.
void shift_timers(const Napi::CallbackInfo& info);

/// () => how many timers the module has set since the last call
Napi::Value timers_set(const Napi::CallbackInfo& info);
