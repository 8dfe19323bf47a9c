// The waiter's threads. There are two pools: one for users' handles, and one for alarms and kept periods, so that a
// busy handle cannot delay a timer. A thread starts when there is no room on the others, and ends some seconds after
// its last client has left.
//
// Any thread. The pools live as long as the process, because their threads run until it ends.

#pragma once

#include "base/com.h"
#include "base/outcome.h"
#include "waiter/client.h"
#include "waiter/thread.h"

#include <cstddef>
#include <mutex>
#include <vector>

namespace rtworkq::waiter {

class Pool {
 public:
  static Pool& waits();
  static Pool& alarms();

  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// Puts all handles of a placement on one thread. `on` receives it before the thread can call the client.
  Outcome place(Placement placement, ComPtr<Thread>& on);

  /// Whether the thread has ended: it had nothing to do. Called by the thread.
  bool retire(Thread& thread) noexcept;

  /// The machine has resumed from sleep.
  void resume();

  /// Runs a job on every thread, one after the other. With `stays`, every new thread runs it too, before anything else,
  /// until the next call. It must then live as long as the process.
  void call_on_all(Job& job, bool stays);

 private:
  Pool() = default;

  std::vector<ComPtr<Thread>> threads();

  // Held for microseconds, and while a thread is created.
  std::mutex mutex_;
  std::vector<ComPtr<Thread>> threads_;
  Job* job_ = nullptr;
};

}  // namespace rtworkq::waiter
