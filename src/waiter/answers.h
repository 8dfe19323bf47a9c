// How many of an environment's waits the waiter's threads still use.

#pragma once

#include "base/com.h"
#include "base/handle.h"

#include <windows.h>

#include <atomic>
#include <cstdint>

namespace rtworkq::waiter {

class Answers final : public RefCounted<Counted> {
 public:
  Answers() noexcept : none_left_(CreateEventW(nullptr, FALSE, FALSE, nullptr)) {}

  /// JavaScript thread: a wait begins.
  void expect() noexcept { count_.fetch_add(1); }

  /// Any thread: no thread of the waiter uses the wait any more.
  void receive() noexcept {
    if (count_.fetch_sub(1) == 1) SetEvent(none_left_.get());
  }

  /// JavaScript thread: blocks until there are none. False after that many milliseconds.
  bool await_all(DWORD timeout) noexcept {
    // The event may be left from an earlier time when there were none.
    while (count_.load() != 0) {
      if (WaitForSingleObject(none_left_.get(), timeout) != WAIT_OBJECT_0) return false;
    }
    return true;
  }

 private:
  ~Answers() override = default;

  std::atomic<std::uint32_t> count_{0};
  const UniqueHandle none_left_;
};

}  // namespace rtworkq::waiter
