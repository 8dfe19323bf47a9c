// What a waiter's thread waits for: the handles of a client, and perhaps its deadline.

#pragma once

#include "base/clock.h"
#include "base/com.h"

#include <windows.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace rtworkq::waiter {

/// What a thread does with a client's handles after one of them was signaled or failed.
enum class Then : std::uint8_t {
  keep,         // waits for all of them again
  drop_handle,  // waits for the others
  leave,        // waits for none of them
};

/// Has handles that one or more threads wait for. These functions run on those threads, one at a time per thread, and
/// must be quick: other clients' handles wait meanwhile. They may add to other threads, and remove this client from
/// them.
class Client : public Counted {
 public:
  /// The thread has taken the signal of a handle, or of all handles if they are waited for together. `now` is the
  /// performance counter right after the wait.
  virtual Then on_signaled(std::size_t index, std::int64_t now) noexcept = 0;
  /// The thread cannot wait for a handle. `error` is from GetLastError().
  virtual Then on_failed(std::size_t index, DWORD error) noexcept = 0;
  /// The deadline has passed, and none of the handles on this thread is signaled. The thread then drops them.
  virtual void on_due() noexcept {}
  /// The thread has dropped the client's handles: the last call from it.
  virtual void on_left() noexcept {}
  /// The machine has resumed from sleep, during which relative timers stood still.
  virtual void on_resume() noexcept {}
  /// Whether a signal that is there when the client is removed counts.
  virtual bool looks_before_leaving() const noexcept { return false; }

 protected:
  ~Client() = default;
};

/// A point in time that never comes, in ticks of the performance counter.
inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

/// A timeout in milliseconds from now as a deadline in ticks of the performance counter.
inline std::int64_t deadline_after(double milliseconds) noexcept {
  const double ticks = milliseconds * clock::ticks_per_millisecond();
  // Not every double is an int64_t.
  return ticks < static_cast<double>(kNever / 2) ? clock::now() + static_cast<std::int64_t>(ticks) + 1 : kNever;
}

/// What one thread gets of a client.
struct Placement {
  ComPtr<Client> client;
  std::vector<HANDLE> handles{};
  /// The client's number of the first handle.
  std::size_t first = 0;
  /// In ticks of the performance counter.
  std::int64_t deadline = kNever;
  /// Whether to wait until all handles are signaled at once, and then take all signals. Without a deadline.
  bool together = false;
};

}  // namespace rtworkq::waiter
