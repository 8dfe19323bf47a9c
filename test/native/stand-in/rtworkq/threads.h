// Runs work on other threads. Call from any thread. The work is destroyed on the thread that ran it.

#pragma once

#include "rtworkq/unique_handle.h"

#include <functional>

namespace stand_in {

/// Code to run once, on another thread than the caller's.
using Work = std::function<void()>;

/// On the Win32 thread pool.
void run_on_pool(Work work) noexcept;

/// On a new thread, which ends when the work is done.
void run_on_own_thread(Work work) noexcept;

/// The same, with a stack of that size. Returns the thread.
UniqueHandle start_thread(Work work, unsigned stack_bytes) noexcept;

}  // namespace stand_in
