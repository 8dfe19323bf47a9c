// RTWorkQ.dll, loaded from System32 and resolved by name: ordinals moved between Windows versions, and a machine
// without the DLL shall get a sentence, not a failed load. Loaded once for the process, on whichever JavaScript thread
// asks first, and never freed: RTWorkQ's threads may be in it until the process ends.

#pragma once

#include <windows.h>

#include <unknwn.h>

#include <rtworkq.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace rtworkq {

// Every function that is called, in the order of their indexes.
#define RTWORKQ_FUNCTIONS(X) \
  X(RtwqStartup)             \
  X(RtwqShutdown)            \
  X(RtwqLockPlatform)        \
  X(RtwqUnlockPlatform)      \
  X(RtwqCreateAsyncResult)   \
  X(RtwqPutWorkItem)         \
  X(RtwqScheduleWorkItem)    \
  X(RtwqCancelWorkItem)

enum class Function : std::uint32_t {
#define RTWORKQ_ENUMERATOR(name) name,
  RTWORKQ_FUNCTIONS(RTWORKQ_ENUMERATOR)
#undef RTWORKQ_ENUMERATOR
};

inline constexpr std::array kFunctionNames{
#define RTWORKQ_NAME(name) #name,
    RTWORKQ_FUNCTIONS(RTWORKQ_NAME)
#undef RTWORKQ_NAME
};

/// What a call came to, and which function said so.
struct Outcome {
  HRESULT result = S_OK;
  Function function = Function::RtwqStartup;

  bool failed() const noexcept { return FAILED(result); }
};

/// The functions of the DLL.
struct Api {
#define RTWORKQ_MEMBER(name) decltype(&::name) name = nullptr;
  RTWORKQ_FUNCTIONS(RTWORKQ_MEMBER)
#undef RTWORKQ_MEMBER
};

/// The DLL as it was found.
struct Library {
  Api api;
  HMODULE module = nullptr;
  DWORD load_error = ERROR_SUCCESS;        // why there is no module
  const char* missing_function = nullptr;  // the first export that is not there

  bool usable() const noexcept { return module && !missing_function; }

  std::wstring path() const;
  /// Major, minor, build, revision of the file, where it carries a version resource.
  std::optional<std::array<std::uint16_t, 4>> version() const;
};

const Library& library();

/// The functions; only for code that runs after library().usable() was seen.
inline const Api& api() { return library().api; }

/// Wine's version, or null on Windows.
const char* wine_version();

/// The id of the work queue that every process has: serial, shared by all its users. In no header of RTWorkQ.
inline constexpr DWORD kStandardQueue = 1;

}  // namespace rtworkq
