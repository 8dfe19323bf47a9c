// Where the stand-in gets threads from. Any thread may ask. What runs there is destroyed there.

#pragma once

#include <functional>

namespace stand_in {

/// Something to be done once on a thread that is not the caller's.
using Work = std::function<void()>;

/// On the Win32 thread pool.
void run_on_pool(Work work) noexcept;

/// On a thread of its own, which ends with it.
void run_on_own_thread(Work work) noexcept;

}  // namespace stand_in
