// Handles of files: overlapped reads whose completions RTWorkQ brings to a queue, and Node's own. For test_helper.cc.

#pragma once

#include <napi.h>

/// (path) => a handle for overlapped reading
Napi::Value open_overlapped(const Napi::CallbackInfo& info);

/// (handle, queue, event) => a function that tells what came of the read once the event is set
Napi::Value read_on_queue(const Napi::CallbackInfo& info);

/// (file descriptor) => the handle that libuv has for it
Napi::Value os_handle(const Napi::CallbackInfo& info);
