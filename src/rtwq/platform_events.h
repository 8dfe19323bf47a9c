// The RTWorkQ platform's events: it has started, it is about to shut down, it has shut down. They are reported no
// matter which code in the process starts it or shuts it down.

#pragma once

#include "base/operation.h"
#include "rtwq/api.h"

#include <atomic>
#include <cstdint>

namespace rtworkq {

class PlatformEvents final : public ComOperation<IRtwqPlatformEvents> {
 public:
  // It stays registered across shutdowns, so it must not hold the platform.
  PlatformEvents(CompletionSink& sink, OperationId id) noexcept : ComOperation(sink, id, Hold::nothing) {}

  /// RtwqRegisterPlatformEvents. JavaScript thread.
  Outcome add() noexcept;

  /// RtwqUnregisterPlatformEvents.
  bool stop(State to) noexcept override;

  /// The value is the events since the last completion, two bits each, the newest in the lowest bits.
  Completion completion() noexcept override;
  bool repeats() const noexcept override { return true; }

  // Called on the thread that starts or shuts down the platform, inside that call.
  HRESULT STDMETHODCALLTYPE InitializationComplete() noexcept override { return note(1); }
  HRESULT STDMETHODCALLTYPE ShutdownStart() noexcept override { return note(2); }
  HRESULT STDMETHODCALLTYPE ShutdownComplete() noexcept override { return note(3); }

 private:
  ~PlatformEvents() override = default;

  HRESULT note(std::uint64_t event) noexcept;

  std::atomic<std::uint64_t> events_{0};
  std::atomic<std::int64_t> fired_at_{0};
};

}  // namespace rtworkq
