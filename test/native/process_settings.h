// Process settings that affect timer accuracy: their current values, and a simulated Windows that records the calls
// that change them. For test_helper.cc. JavaScript threads.

#pragma once

#include <napi.h>

/// () => the interval at which the system timer ticks, in milliseconds
Napi::Value timer_tick(const Napi::CallbackInfo& info);

/// () => [control mask, state mask] of the process's power throttling, or undefined if Windows does not report it
Napi::Value power_throttling(const Napi::CallbackInfo& info);

/// (name of a loaded module, 7 | 10 | 11): simulates that Windows when the module looks up functions for these
/// settings. On 10 and 11, timeBeginPeriod fails for 13 ms and timeEndPeriod for 14 ms. 11 starts with execution-speed
/// throttling turned off. 10 rejects settings that only 11 supports, and does not report the current ones. 7 lacks the
/// ...ProcessInformation functions.
void pretend_windows(const Napi::CallbackInfo& info);

/// () => the calls that the simulated Windows has recorded since the last time
Napi::Value settings_calls(const Napi::CallbackInfo& info);
