// The settings of the process that decide how well it keeps time: what Windows says of them, and a Windows of the
// tests' own that notes what it is asked. For test_helper.cc.

#pragma once

#include <napi.h>

/// () => how often the system's timer ticks, in milliseconds
Napi::Value timer_tick(const Napi::CallbackInfo& info);

/// () => [control mask, state mask] of the process's power throttling, or undefined where Windows does not tell
Napi::Value power_throttling(const Napi::CallbackInfo& info);

/// (name of a loaded module, 7 | 10 | 11): has it meet such a Windows when it looks up functions of these settings. The
/// last two refuse a period of 13 ms, and to end one of 14; 11 has been told never to slow the process down. 10 refuses
/// what only 11 knows, and does not tell what was set; 7 has no such functions.
void pretend_windows(const Napi::CallbackInfo& info);

/// () => what that Windows was asked since the last time
Napi::Value settings_calls(const Napi::CallbackInfo& info);
