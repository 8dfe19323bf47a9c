// The process's one use of the RTWorkQ platform. Environments (one JavaScript thread each) hold leases on it: the first
// starts RTWorkQ, the last that is given back in an orderly way shuts it down. Called on JavaScript threads, never on
// RTWorkQ's, because RtwqShutdown waits for those; only abandon() is for any thread.

#pragma once

#include "rtwq/api.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>

namespace rtworkq {

/// Node unloads an addon that only a Worker had loaded when that Worker ends, while RTWorkQ's threads may still be
/// about to run its code. Pinned, the module stays until the process ends. For whoever gives RTWorkQ something to call.
bool pin_this_module();

class Platform {
 public:
  static Platform& instance();

  /// Adds a lease. RtwqStartup and RtwqLockPlatform, when it is the first. The lock keeps RtwqShutdown, when other code
  /// in the process calls it, from ending the threads of the work queues.
  Outcome acquire();

  /// Gives a lease back. RtwqUnlockPlatform and RtwqShutdown, when it was the last. The caller has no work item left.
  Outcome release();

  /// Gives a lease back without shutting down: an environment has ended, RTWorkQ stays for the next one. Any thread;
  /// RTWorkQ's may come here while it holds locks of its own, so this takes none.
  void abandon() noexcept { leases_.fetch_sub(1); }

 private:
  Platform() = default;

  Outcome start();

  std::mutex mutex_;
  std::atomic<std::uint32_t> leases_{0};
  bool started_ = false;
};

/// One lock of RtwqLockPlatform of its own, besides the process's.
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
