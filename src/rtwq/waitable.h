// Handles that can be waited for: made and opened here, and looked at before RTWorkQ gets one, because it takes any
// number for a handle and waits for ever. JavaScript threads, but for restore_signal().

#pragma once

#include "rtwq/api.h"
#include "rtwq/handle.h"
#include "rtwq/kept_period.h"

#include <cstdint>
#include <memory>

namespace rtworkq {

/// A duplicate of a user's handle, for the time of one wait.
class WaitTarget {
 public:
  WaitTarget() noexcept = default;

  /// E_HANDLE for what is no handle of this process or cannot be waited for, E_ACCESSDENIED for one without the right
  /// to wait, ERROR_NOT_SUPPORTED for a mutex: the pool's thread would own it.
  static Outcome open(HANDLE handle, WaitTarget& target);

  HANDLE get() const noexcept { return handle_.get(); }
  explicit operator bool() const noexcept { return static_cast<bool>(handle_); }

  /// Whether the handle is signaled now; takes the signal as a wait does.
  bool poll() const noexcept { return WaitForSingleObject(handle_.get(), 0) == WAIT_OBJECT_0; }

  /// Gives back the signal that a wait has taken and nobody will hear of: an auto-reset event is set, a semaphore's
  /// count is raised. Any thread.
  void restore_signal() const noexcept;

 private:
  enum class Taken : std::uint8_t { nothing, event, count };

  UniqueHandle handle_;
  Taken taken_ = Taken::nothing;
};

/// A handle that JavaScript has opened, with what ends with it.
struct OpenHandle {
  UniqueHandle handle;
  // Of a timer, where Windows does not keep it. Destroyed before the handle.
  std::unique_ptr<KeptPeriod> period;

  HANDLE get() const noexcept { return handle.get(); }
};

namespace waitable {

/// How a named object came to be.
enum class Origin : bool { made, opened };

Outcome create_event(const wchar_t* name, bool manual_reset, bool initial_state, UniqueHandle& event, Origin& origin);
Outcome open_event(const wchar_t* name, UniqueHandle& event);
Outcome create_semaphore(const wchar_t* name, LONG initial, LONG maximum, UniqueHandle& semaphore, Origin& origin);
Outcome open_semaphore(const wchar_t* name, UniqueHandle& semaphore);
/// In high resolution where that is wished and Windows has it (10, version 1803; without a name). Says whether it is.
Outcome create_timer(const wchar_t* name, bool manual_reset, UniqueHandle& timer, Origin& origin,
                     bool& high_resolution);
Outcome open_timer(const wchar_t* name, UniqueHandle& timer);
/// Sets a timer. `kept` is its period where Windows does not keep it, and `resumes` whether it will wake the machine.
Outcome set_timer(HANDLE timer, const TimerSetting& setting, std::unique_ptr<KeptPeriod>& kept, bool& resumes);
/// For waiting and for the exit code.
Outcome open_process(DWORD id, UniqueHandle& process);
/// Whether the process has ended, and with what.
Outcome exit_code(HANDLE process, bool& ended, DWORD& code);

/// Whether it is a manual-reset event; false where that cannot be told.
bool is_manual_reset(HANDLE event);

}  // namespace waitable

}  // namespace rtworkq
