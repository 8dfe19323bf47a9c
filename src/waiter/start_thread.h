// Starts a thread of the waiter. Any thread.

#pragma once

#include "base/com.h"
#include "base/handle.h"
#include "base/module.h"
#include "base/outcome.h"

#include <process.h>

namespace rtworkq::waiter {

/// What the thread runs. It owns the reference that start_thread() took. A lambda has another calling convention in
/// 32-bit mingw.
template <class T>
unsigned __stdcall run_and_release(void* data) {
  ComPtr<T>::adopt(static_cast<T*>(data))->run();
  return 0;
}

/// Starts a thread that runs `self.run()` and holds a reference to `self` meanwhile.
template <class T>
Outcome start_thread(T& self, UniqueHandle& thread) {
  // 10,000 waits need 162 threads, in 32-bit programs too.
  constexpr unsigned kStackBytes = 64 * 1024;

  if (!pin_this_module()) return Outcome::last_error(Function::_beginthreadex);
  self.AddRef();
  const auto handle = reinterpret_cast<HANDLE>(
      _beginthreadex(nullptr, kStackBytes, run_and_release<T>, &self, STACK_SIZE_PARAM_IS_A_RESERVATION, nullptr));
  if (!handle) {
    self.Release();
    return {E_OUTOFMEMORY, Function::_beginthreadex};
  }
  thread = UniqueHandle(handle);
  return {};
}

}  // namespace rtworkq::waiter
