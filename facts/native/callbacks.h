// Callbacks for the rows, and helpers for the handles they wait for. Invoke runs on RTWorkQ's threads.

#pragma once

#include "base/com.h"
#include "base/handle.h"
#include "rtwq/api.h"
#include "work_items.h"

#include <atomic>
#include <cstdint>
#include <utility>

namespace rtworkq::facts {

using bench::check;

/// Counts callbacks, and wakes the main thread when the last one has run.
class Countdown {
 public:
  explicit Countdown(std::uint32_t count) noexcept : left_(count) {}

  /// Counts a callback. Returns its place in the order of calls, from 0.
  std::uint32_t add() noexcept {
    const std::uint32_t place = count_.fetch_add(1);
    if (left_.fetch_sub(1) == 1) SetEvent(all_.get());
    return place;
  }

  /// Waits until all callbacks have run, at most `limit_ms`. Returns how many have.
  std::uint32_t wait(DWORD limit_ms) const noexcept {
    WaitForSingleObject(all_.get(), limit_ms);
    return count();
  }

  /// Waits until all callbacks have run, or until none has run for `quiet_ms`.
  std::uint32_t wait_until_quiet(DWORD quiet_ms) const noexcept {
    for (std::uint32_t before = count();; before = count()) {
      if (WaitForSingleObject(all_.get(), quiet_ms) == WAIT_OBJECT_0 || count() == before) return count();
    }
  }

  std::uint32_t count() const noexcept { return count_.load(); }

 private:
  const UniqueHandle all_{CreateEventW(nullptr, TRUE, FALSE, nullptr)};
  std::atomic<std::uint32_t> left_;
  std::atomic<std::uint32_t> count_{0};
};

/// Records its place in the order of calls, and the status it was invoked with. The Countdown must outlive it.
class RecordingCallback : public bench::Callback {
 public:
  explicit RecordingCallback(Countdown& countdown, DWORD queue = kStandardQueue) noexcept
      : Callback(queue), countdown_(countdown) {}

  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult* result) noexcept override {
    status_.store(result->GetStatus());
    place_.store(static_cast<std::int32_t>(countdown_.add()));
    return S_OK;
  }

  /// Starts a wait for a handle.
  RTWQWORKITEM_KEY wait_for(HANDLE handle) {
    RTWQWORKITEM_KEY key = 0;
    check(api().RtwqPutWaitingWorkItem(handle, 0, make_result().get(), &key), "RtwqPutWaitingWorkItem");
    return key;
  }

  bool invoked() const noexcept { return place_.load() >= 0; }
  std::int32_t place() const noexcept { return place_.load(); }
  HRESULT status() const noexcept { return status_.load(); }

 private:
  Countdown& countdown_;
  std::atomic<HRESULT> status_{S_OK};
  std::atomic<std::int32_t> place_{-1};
};

inline UniqueHandle make_auto_reset_event() { return UniqueHandle(CreateEventW(nullptr, FALSE, FALSE, nullptr)); }

/// Waits for the handle, and so takes its signal.
inline bool take_signal(HANDLE handle, DWORD limit_ms = 0) {
  return WaitForSingleObject(handle, limit_ms) == WAIT_OBJECT_0;
}

}  // namespace rtworkq::facts
