// Owns a HANDLE. Handles are closed nowhere else.

#pragma once

#include <windows.h>

#include <utility>

namespace rtworkq {

class UniqueHandle {
 public:
  UniqueHandle() noexcept = default;
  explicit UniqueHandle(HANDLE handle) noexcept : handle_(handle) {}
  UniqueHandle(UniqueHandle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  UniqueHandle& operator=(UniqueHandle&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~UniqueHandle() {
    if (handle_) CloseHandle(handle_);
  }

  HANDLE get() const noexcept { return handle_; }
  explicit operator bool() const noexcept { return handle_ != nullptr; }

  /// Forgets a handle that other code has closed. The next handle that the process opens may get its value.
  void forget_if_closed() noexcept {
    DWORD flags = 0;
    if (!GetHandleInformation(handle_, &flags)) handle_ = nullptr;
  }

 private:
  HANDLE handle_ = nullptr;
};

}  // namespace rtworkq
