// Waitable timers that come too early or too late, as those without high resolution do on Windows.

#pragma once

#include <napi.h>

/// (module, early, late): has the timers that the module sets from now come up to so many milliseconds early or late,
/// by chance.
void shift_timers(const Napi::CallbackInfo& info);

/// () => how many timers the module has set since the last time
Napi::Value timers_set(const Napi::CallbackInfo& info);
