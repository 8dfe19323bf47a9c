// Runs work on other threads. Call from any thread. The work is destroyed on the thread that ran it.

#pragma once

#include <functional>

namespace stand_in {

/// Code to run once, on another thread than the caller's.
using Work = std::function<void()>;

/// On the Win32 thread pool.
void run_on_pool(Work work) noexcept;

/// On a new thread, which ends when the work is done.
void run_on_own_thread(Work work) noexcept;

}  // namespace stand_in
