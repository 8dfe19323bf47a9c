// The process's one use of the RTWorkQ platform. Environments (one JavaScript thread each) hold leases on it: the first
// starts RTWorkQ, the last that is given back in an orderly way shuts it down. Called on JavaScript threads only, never
// on RTWorkQ's: RtwqShutdown waits for those.

#pragma once

#include "rtwq/api.h"

#include <cstdint>
#include <mutex>

namespace rtworkq {

class Platform {
 public:
  static Platform& instance();

  /// Adds a lease. RtwqStartup and RtwqLockPlatform, when it is the first: the lock keeps the platform up when other
  /// code in the process shuts down more often than it has started.
  Outcome acquire();

  /// Gives a lease back. RtwqUnlockPlatform and RtwqShutdown, when it was the last. The caller has no work item left.
  Outcome release();

  /// Gives a lease back without shutting down: an environment ends, RTWorkQ stays for the next one. A lease with work
  /// items still outstanding is kept for good, because shutting down under them is never safe.
  void abandon(bool outstanding);

 private:
  Platform() = default;

  Outcome start();

  std::mutex mutex_;
  std::uint32_t leases_ = 0;
  bool started_ = false;
};

}  // namespace rtworkq
