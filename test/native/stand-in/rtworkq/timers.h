// Runs work at given times, with one timer of the Win32 thread pool for all of it. (On Windows one timer per item would
// do, but Wine keeps its timers in a sorted list.)
//
// Work runs on a pool thread, one at a time, in the order of its due times. It must be short: it only puts items on a
// queue. No user code runs there, so close() can wait for it.

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

/// When an interval that starts now ends. If the clock is bound to ticks, that is up to a tick too early or too late.
Clock::time_point end_of(Clock::duration interval);

class Timers {
 public:
  Timers();
  ~Timers();
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  /// False after close(). The caller chooses `key`, which must be unique.
  bool add(std::uint64_t key, Clock::time_point due, Work work);

  /// True if the work was pending: it will never run, and is destroyed before this returns.
  bool cancel(std::uint64_t key);

  /// Waits for running work, and leaks pending work. A shutdown on Windows leaks the items that are still scheduled, so
  /// tests that count references must see the same here.
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
  bool running_ = false;  // a thread is in run_due(), which runs all due work before it returns
  bool closed_ = false;
};

}  // namespace stand_in
