// This module, and functions of other modules.

#pragma once

#include <windows.h>

namespace rtworkq {

/// Keeps this module loaded until the process ends. Call it before another thread can run its code: if only a Worker
/// has loaded an addon, Node unloads it when that Worker ends.
inline bool pin_this_module() noexcept {
  static const char anchor = 0;
  HMODULE module = nullptr;
  return GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                            reinterpret_cast<const wchar_t*>(&anchor), &module) != 0;
}

/// A DLL's export by name, or null.
template <class F>
F resolve(HMODULE module, const char* name) noexcept {
  // Via void*, because compilers warn about casts between unrelated function types.
  return reinterpret_cast<F>(reinterpret_cast<void*>(GetProcAddress(module, name)));
}

}  // namespace rtworkq
