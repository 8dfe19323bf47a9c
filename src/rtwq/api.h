// RTWorkQ.dll, loaded from System32. Functions are resolved by name: ordinals differ between Windows versions, and on a
// machine without the DLL users should get an error message, not an addon that fails to load. The first JavaScript
// thread that needs the DLL loads it, once per process. It is never freed, because RTWorkQ's threads may run its code
// until the process ends.

#pragma once

#include <windows.h>

#include <unknwn.h>

#include <rtworkq.h>

#include "base/module.h"
#include "base/outcome.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

// Exported, but not declared in any header, or only for the newest Windows.
STDAPI RtwqEndUnregisterWorkQueueWithMMCSS(IRtwqAsyncResult* result);
STDAPI RtwqSetDeadline2(DWORD queue, LONGLONG deadline, LONGLONG pre_deadline, HANDLE* request);

namespace rtworkq {

/// The DLL's functions.
struct Api {
#define RTWORKQ_MEMBER(name) decltype(&::name) name = nullptr;
  RTWORKQ_FUNCTIONS(RTWORKQ_MEMBER)
  RTWORKQ_LATER_FUNCTIONS(RTWORKQ_MEMBER)
#undef RTWORKQ_MEMBER
};

/// The loaded DLL, or why it could not be loaded.
struct Library {
  Api api;
  HMODULE module = nullptr;
  DWORD load_error = ERROR_SUCCESS;        // why there is no module
  const char* missing_function = nullptr;  // the first missing export

  bool usable() const noexcept { return module && !missing_function; }

  std::wstring path() const;
  /// The file's major, minor, build and revision numbers, if it has a version resource.
  std::optional<std::array<std::uint16_t, 4>> version() const;
};

const Library& library();

/// Only call this once library().usable() has returned true.
inline const Api& api() { return library().api; }

/// Wine's version, or null on Windows.
const char* wine_version();

/// Ids of the work queues that every process has and all its code shares. Not in RTWorkQ's headers.
inline constexpr DWORD kStandardQueue = 1;       // serial
inline constexpr DWORD kMultithreadedQueue = 5;  // its items overlap
inline constexpr DWORD kLongFunctionQueue = 7;   // for long-running items

}  // namespace rtworkq
