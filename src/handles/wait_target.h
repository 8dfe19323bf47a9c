// A duplicate of a user's handle, for one wait. Any thread.

#pragma once

#include "base/handle.h"
#include "base/outcome.h"
#include "handles/object.h"

namespace rtworkq {

class WaitTarget {
 public:
  WaitTarget() noexcept = default;

  /// For a handle of unknown origin. Fails with E_HANDLE if it is not a handle in this process or cannot be waited for,
  /// E_ACCESSDENIED if it lacks the right to wait, ERROR_NOT_SUPPORTED if it is a mutex: the waiting thread would own
  /// it. `function` is the one that will wait.
  static Outcome open(HANDLE handle, Function function, WaitTarget& target);
  /// For a handle that this package has opened, so that its kind is known and it may be waited for.
  static Outcome duplicate(HANDLE handle, object::Kind kind, Function function, WaitTarget& target);

  HANDLE get() const noexcept { return handle_.get(); }
  explicit operator bool() const noexcept { return static_cast<bool>(handle_); }
  void forget_if_closed() noexcept { handle_.forget_if_closed(); }

  /// Whether a wait leaves the object signaled, so that waiting for it again and again would never stop.
  bool stays_signaled() const noexcept { return kind_ == object::Kind::other; }

  /// After a wait, on the thread that waited: gives up a mutex that open() could not recognize. True if it was one.
  bool release_if_mutex() const noexcept { return kind_ == object::Kind::unknown && ReleaseMutex(handle_.get()); }

  /// Gives back a signal that a wait took but JavaScript will never receive: sets an auto-reset event, or adds one to a
  /// semaphore's count. A timer's signal cannot be given back.
  void restore_signal() const noexcept;

 private:
  UniqueHandle handle_;
  object::Kind kind_ = object::Kind::other;
};

}  // namespace rtworkq
