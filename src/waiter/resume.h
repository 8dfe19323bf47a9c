// Notices when the machine resumes from sleep. Relative timers stand still meanwhile, but the performance counter, on
// which all deadlines are, goes on. So the waiter's threads then set their timers again.

#pragma once

namespace rtworkq::waiter {

/// Asks Windows for the notification, once per process. Without it, timers are late by the length of a sleep. Any
/// thread.
void watch_resume() noexcept;

}  // namespace rtworkq::waiter
