// The process's use of the RTWorkQ platform. Environments hold leases on it: the first lease starts RTWorkQ, and
// releasing the last one shuts it down. JavaScript threads only, because RtwqShutdown waits for RTWorkQ's threads; just
// abandon() may be called on any thread.

#pragma once

#include "rtwq/api.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>

namespace rtworkq {

class Platform {
 public:
  static Platform& instance();

  /// Adds a lease. The first one calls RtwqStartup and RtwqLockPlatform. The lock keeps the work queues' threads
  /// running even if other code in the process calls RtwqShutdown.
  Outcome acquire();

  /// Releases a lease. The last one calls RtwqUnlockPlatform and RtwqShutdown. The caller must have no work items left.
  Outcome release();

  /// Drops the lease of an environment that has ended. Does not shut down: RTWorkQ stays up for the next environment.
  /// Any thread. RTWorkQ's threads may call this while they hold RTWorkQ's locks, so it takes no lock.
  void abandon() noexcept { leases_.fetch_sub(1); }

 private:
  Platform() = default;

  Outcome start();

  std::mutex mutex_;
  std::atomic<std::uint32_t> leases_{0};
  bool started_ = false;
};

/// One RtwqLockPlatform lock, in addition to the Platform's own.
class PlatformLock {
 public:
  PlatformLock() noexcept = default;
  PlatformLock(PlatformLock&& other) noexcept : locked_(std::exchange(other.locked_, false)) {}
  PlatformLock& operator=(PlatformLock&& other) noexcept {
    std::swap(locked_, other.locked_);
    return *this;
  }
  ~PlatformLock() { unlock(); }

  /// RtwqLockPlatform.
  static Outcome lock(PlatformLock& lock) noexcept;
  /// RtwqUnlockPlatform.
  Outcome unlock() noexcept;

 private:
  bool locked_ = false;
};

}  // namespace rtworkq
