// One periodic callback: RTWorkQ's fixed beat of nominally 10 ms, counted here and handed over in one piece, however
// late JavaScript comes to it.

#pragma once

#include "rtwq/api.h"
#include "rtwq/operation.h"

#include <atomic>
#include <cstdint>
#include <optional>

namespace rtworkq {

class PeriodicCallback final : public ComOperation<IUnknown> {
 public:
  PeriodicCallback(CompletionSink& sink, OperationId id) noexcept : ComOperation(sink, id, Holds::platform) {}

  /// RtwqAddPeriodicCallback. JavaScript thread.
  Outcome add() noexcept;

  /// RtwqRemovePeriodicCallback. One more call may come afterwards; it finds the state moved.
  bool stop(State to) noexcept override;

  /// The value is how many times RTWorkQ has called since the last completion.
  Completion completion() noexcept override;
  bool repeats() const noexcept override { return true; }

 private:
  ~PeriodicCallback() override = default;

  // On an RTWorkQ thread, with the reference that RTWorkQ holds.
  static void CALLBACK tick(IUnknown* context);

  std::optional<DWORD> key_;  // once it has been added
  std::atomic<std::uint32_t> ticks_{0};
  std::atomic<std::int64_t> fired_at_{0};
};

}  // namespace rtworkq
