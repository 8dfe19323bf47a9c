// A thread that waits for up to 63 handles. RTWorkQ.dll waits with the Win32 thread pool, but under Wine the pool loses
// a signal that it takes for a wait that is being cancelled. This thread delivers every signal that it takes, and a
// signal that arrives after cancel() has returned stays with its object.
//
// The waits are in the order in which they were added. The thread and its owner share this object. The thread alone
// changes the waits, under the lock; other threads leave requests in `added_` and `cancelled_`.

#pragma once

#include "common/lock.h"
#include "rtworkq/unique_handle.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace stand_in {

class WaitThread : public std::enable_shared_from_this<WaitThread> {
 public:
  /// One of these is called, once, on the thread and without its lock, unless close() comes first.
  class Wait {
   public:
    virtual ~Wait() = default;
    /// Must be the same until one of the others is called.
    virtual HANDLE handle() const noexcept = 0;
    virtual void on_taken() = 0;
    /// The thread has taken no signal for this wait.
    virtual void on_cancelled() = 0;
  };

  static std::shared_ptr<WaitThread> start();

  WaitThread(const WaitThread&) = delete;
  WaitThread& operator=(const WaitThread&) = delete;

  // Call these on any thread, but one after the other.

  bool has_room();
  /// Only if it has room. A handle that cannot be waited for is left out, and the wait can then only be cancelled.
  void add(std::shared_ptr<Wait> wait);
  /// Does nothing if the signal has been taken.
  void cancel(std::shared_ptr<Wait> wait);

  /// Answers what was cancelled, drops all other waits, and ends the thread. When it returns, the thread takes no
  /// signal and holds no wait. Never call it on the thread itself.
  void close();

 private:
  using Waits = std::vector<std::shared_ptr<Wait>>;

  WaitThread();

  void request(Waits& requests, std::shared_ptr<Wait> wait);
  void run();
  bool handle_wake_up(DWORD result);
  void apply_requests(Waits& cancelled);
  void take_signalled(std::size_t from, Waits& taken);
  void look_at_each(std::size_t from, Waits& taken);
  std::shared_ptr<Wait> remove(std::size_t index);

  const UniqueHandle control_;  // set while there are requests
  const UniqueHandle closed_;   // set when the thread has called the last of its waits
  UniqueHandle thread_;
  Lock lock_;
  Waits added_;
  Waits cancelled_;
  bool closing_ = false;
  Waits waits_;
  Waits without_handle_;         // those whose handle cannot be waited for
  std::vector<HANDLE> handles_;  // the control event, then one for each of `waits_`; for the thread only
};

}  // namespace stand_in
