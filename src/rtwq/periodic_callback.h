// A periodic callback: RTWorkQ calls it at a fixed, nominal 10 ms interval. Calls are counted, and delivered to
// JavaScript as one number however late it is.

#pragma once

#include "base/operation.h"
#include "rtwq/api.h"

#include <atomic>
#include <cstdint>
#include <optional>

namespace rtworkq {

class PeriodicCallback final : public ComOperation<IUnknown> {
 public:
  PeriodicCallback(CompletionSink& sink, OperationId id) noexcept : ComOperation(sink, id, Hold::other) {}

  /// RtwqAddPeriodicCallback. JavaScript thread.
  Outcome add() noexcept;

  /// RtwqRemovePeriodicCallback. One more call may follow; it sees that the state has changed and does nothing.
  bool stop(State to) noexcept override;

  /// The value is how often RTWorkQ has called since the last completion.
  Completion completion() noexcept override;
  bool repeats() const noexcept override { return true; }

 private:
  ~PeriodicCallback() override = default;

  // On an RTWorkQ thread. RTWorkQ holds a reference meanwhile.
  static void CALLBACK tick(IUnknown* context);

  std::optional<DWORD> key_;  // set once added
  std::atomic<std::uint32_t> ticks_{0};
  std::atomic<std::int64_t> fired_at_{0};
};

}  // namespace rtworkq
