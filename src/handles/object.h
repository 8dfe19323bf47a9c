// What ntdll tells about the object behind a handle. Windows has no documented way to tell a mutex from an event. Any
// thread.

#pragma once

#include <windows.h>

#include <cstdint>

namespace rtworkq::object {

/// Kinds of objects, by what a wait does to them.
enum class Kind : std::uint8_t {
  unknown,       // the type could not be read
  other,         // a wait takes nothing: a process, a thread, a manual-reset event
  event,         // auto-reset
  opaque_event,  // manual-reset or auto-reset: the handle has no right to ask
  semaphore,
  timer,  // manual-reset or auto-reset: Windows does not tell
  mutex,
};

Kind kind_of(HANDLE handle) noexcept;

/// Whether the handle has the right to wait, as far as can be determined.
bool may_wait(HANDLE handle) noexcept;

/// The kind of an event: `other` for a manual-reset event.
Kind kind_of_event(HANDLE event) noexcept;

/// Whether two handles are known to refer to the same object.
bool is_same(HANDLE one, HANDLE other) noexcept;

}  // namespace rtworkq::object
