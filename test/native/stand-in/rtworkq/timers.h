// Work that is due at a time: everything that waits for the clock, over one timer of the Win32 thread pool. (One timer
// for each item would do on Windows, but Wine keeps its timers in a sorted list.)
//
// The work runs on a pool thread, one after the other in the order of the due times, and has to be short: it puts
// something on a queue. No code of others runs there, which is why close() can wait for it.

#pragma once

#include "common/lock.h"
#include "rtworkq/threads.h"

#include <windows.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <unordered_map>

namespace stand_in {

using Clock = std::chrono::steady_clock;

/// When an interval from now ends by the clock that is in force: up to a tick too early or too late where it is bound
/// to ticks.
Clock::time_point end_of(Clock::duration interval);

class Timers {
 public:
  Timers();
  ~Timers();
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  /// False after close(); nothing is kept then. `key` is of the caller's choice, and nobody else's.
  bool add(std::uint64_t key, Clock::time_point due, Work work);

  /// Whether the work was there and now never runs. It is destroyed before this returns.
  bool cancel(std::uint64_t key);

  /// Waits until no work runs any more, and leaves what has not run to nobody: as on Windows, where a shutdown leaks
  /// the items that are still scheduled, so that whoever counts references sees them here too.
  void close();

 private:
  using Pending = std::multimap<Clock::time_point, std::pair<std::uint64_t, Work>>;

  static void CALLBACK on_timer(PTP_CALLBACK_INSTANCE, void* context, PTP_TIMER);
  void run_due();
  void arm();

  Lock lock_;
  Pending pending_;
  std::unordered_map<std::uint64_t, Pending::iterator> by_key_;
  PTP_TIMER timer_;
  bool running_ = false;  // some thread is in run_due(), which looks at everything that is due before it leaves
  bool closed_ = false;
};

}  // namespace stand_in
