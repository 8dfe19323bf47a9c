// A callback that the main thread waits for. Invoke runs on RTWorkQ threads.

#pragma once

#include "clock.h"
#include "work_items.h"

#include <atomic>
#include <cstdint>

namespace rtworkq::bench {

/// Counts its invocations and wakes the main thread if that sleeps. One object serves any number of items.
class Completions : public Callback {
 public:
  Completions() noexcept : event_(CreateEventW(nullptr, FALSE, FALSE, nullptr)) {}

  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult*) noexcept override {
    done_.fetch_add(1);
    if (asleep_.exchange(false)) SetEvent(event_);
    return S_OK;
  }

  void wait_for(std::uint32_t count) {
    while (done_.load() < count) {
      asleep_.store(true);
      // Check again now that asleep_ is set, or a completion in between would be lost. A spurious wake does no harm.
      if (done_.load() < count) WaitForSingleObject(event_, INFINITE);
    }
  }

 protected:
  ~Completions() override { CloseHandle(event_); }

 private:
  const HANDLE event_;
  std::atomic<std::uint32_t> done_{0};
  std::atomic<bool> asleep_{false};
};

/// Reads the clock in each callback, as putWorkItems() does for `firedAt`.
class TimedCompletions final : public Completions {
 public:
  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult* result) noexcept override {
    last_.store(now(), std::memory_order_relaxed);
    return Completions::Invoke(result);
  }

 private:
  ~TimedCompletions() override = default;

  std::atomic<std::int64_t> last_{0};
};

}  // namespace rtworkq::bench
