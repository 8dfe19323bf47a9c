// Owns a HANDLE. Any thread.

#pragma once

#include <windows.h>

#include <memory>

namespace stand_in {

struct HandleCloser {
  using pointer = HANDLE;
  void operator()(HANDLE handle) const noexcept { CloseHandle(handle); }
};

using UniqueHandle = std::unique_ptr<HANDLE, HandleCloser>;

}  // namespace stand_in
