// File handles: overlapped reads whose completions go to a work queue, and handles that Node owns. For test_helper.cc.

#pragma once

#include <napi.h>

/// (path) => a handle for overlapped reading
Napi::Value open_overlapped(const Napi::CallbackInfo& info);

/// (handle, queue, event) => a function that returns the read's outcome; call it after the event is set
Napi::Value read_on_queue(const Napi::CallbackInfo& info);

/// (file descriptor) => its HANDLE, from libuv
Napi::Value os_handle(const Napi::CallbackInfo& info);
