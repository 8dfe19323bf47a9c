// Creates and opens waitable handles, and checks handles before RTWorkQ gets them: RTWorkQ accepts any number as a
// handle and then waits forever. JavaScript threads, except for restore_signal().

#pragma once

#include "rtwq/api.h"
#include "rtwq/emulated_period.h"
#include "rtwq/handle.h"

#include <cstdint>
#include <memory>

namespace rtworkq {

/// A duplicate of a user's handle, for one wait.
class WaitTarget {
 public:
  WaitTarget() noexcept = default;

  /// Fails with E_HANDLE if it is not a handle in this process or cannot be waited for, E_ACCESSDENIED if it lacks the
  /// right to wait, ERROR_NOT_SUPPORTED if it is a mutex: the pool's thread would own it.
  static Outcome open(HANDLE handle, WaitTarget& target);

  HANDLE get() const noexcept { return handle_.get(); }
  explicit operator bool() const noexcept { return static_cast<bool>(handle_); }

  /// Whether the handle is signaled now. Consumes the signal, as any wait does.
  bool poll() const noexcept { return WaitForSingleObject(handle_.get(), 0) == WAIT_OBJECT_0; }

  /// Restores a signal that a wait consumed but JavaScript will never receive: sets an auto-reset event, or adds one to
  /// a semaphore's count. Any thread.
  void restore_signal() const noexcept;

 private:
  enum class Consumes : std::uint8_t { nothing, event, count };

  UniqueHandle handle_;
  Consumes consumes_ = Consumes::nothing;
};

/// A handle that JavaScript has opened, with its emulated period.
struct OpenHandle {
  UniqueHandle handle;
  // Only for a timer whose period Windows cannot keep. Destroyed before the handle.
  std::unique_ptr<EmulatedPeriod> period;

  HANDLE get() const noexcept { return handle.get(); }
};

namespace waitable {

/// Whether a named object was created or already existed.
enum class Origin : bool { created, opened };

Outcome create_event(const wchar_t* name, bool manual_reset, bool initial_state, UniqueHandle& event, Origin& origin);
Outcome open_event(const wchar_t* name, UniqueHandle& event);
Outcome create_semaphore(const wchar_t* name, LONG initial, LONG maximum, UniqueHandle& semaphore, Origin& origin);
Outcome open_semaphore(const wchar_t* name, UniqueHandle& semaphore);
/// `high_resolution` is in and out: Windows 10 version 1803 and later have it, only for timers without a name.
Outcome create_timer(const wchar_t* name, bool manual_reset, UniqueHandle& timer, Origin& origin,
                     bool& high_resolution);
Outcome open_timer(const wchar_t* name, UniqueHandle& timer);
/// Sets a timer. `emulated` receives its period if Windows cannot keep it; `resumes` is whether it will wake the
/// machine.
Outcome set_timer(HANDLE timer, const TimerSetting& setting, std::unique_ptr<EmulatedPeriod>& emulated, bool& resumes);
/// With the rights to wait and to read the exit code.
Outcome open_process(DWORD id, UniqueHandle& process);
/// Whether the process has ended, and its exit code.
Outcome exit_code(HANDLE process, bool& ended, DWORD& code);

/// Whether it is a manual-reset event; false if unknown.
bool is_manual_reset(HANDLE event);

}  // namespace waitable

}  // namespace rtworkq
