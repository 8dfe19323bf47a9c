// In which order waits complete if their signals come one after the other.

#include "answers.h"
#include "callbacks.h"
#include "rows.h"

#include <cstdint>
#include <vector>

namespace rtworkq::facts {
namespace {

constexpr std::uint32_t kWaits = 100;
constexpr DWORD kLimitMs = 10'000;

using Waits = std::vector<ComPtr<RecordingCallback>>;

/// How many pairs of callbacks ran in the opposite order of their waits.
double inversions(const Waits& waits) {
  double count = 0;
  for (std::size_t earlier = 0; earlier < waits.size(); ++earlier) {
    for (std::size_t later = earlier + 1; later < waits.size(); ++later) {
      if (waits[later]->place() < waits[earlier]->place()) ++count;
    }
  }
  return count;
}

void report(const std::string& kind, const Waits& waits, const Countdown& countdown) {
  const std::uint32_t called = countdown.wait(kLimitMs);
  say(kind + ", callbacks", share(called, kWaits));
  if (called == kWaits) say(kind + ", pairs out of order", share(inversions(waits), kWaits * (kWaits - 1) / 2.0));
}

// The standard queue is serial, so its callbacks run in the order in which RTWorkQ queued them.

void events_in_order(bool one_at_a_time) {
  auto& countdown = *new Countdown(kWaits);
  std::vector<UniqueHandle> events;
  Waits waits;
  for (std::uint32_t index = 0; index < kWaits; ++index) {
    events.push_back(make_auto_reset_event());
    waits.push_back(make<RecordingCallback>(countdown));
    waits.back()->wait_for(events.back().get());
  }
  for (const auto& event : events) {
    SetEvent(event.get());
    if (one_at_a_time) Sleep(1);
  }
  report(one_at_a_time ? "separate events, set every ms" : "separate events, all set at once", waits, countdown);
}

void one_semaphore() {
  auto& countdown = *new Countdown(kWaits);
  const UniqueHandle semaphore(CreateSemaphoreW(nullptr, 0, kWaits, nullptr));
  Waits waits;
  for (std::uint32_t index = 0; index < kWaits; ++index) {
    waits.push_back(make<RecordingCallback>(countdown));
    waits.back()->wait_for(semaphore.get());
  }
  for (std::uint32_t index = 0; index < kWaits; ++index) ReleaseSemaphore(semaphore.get(), 1, nullptr);
  report("one semaphore", waits, countdown);
}

}  // namespace

void wait_order() {
  events_in_order(false);
  events_in_order(true);
  one_semaphore();
}

}  // namespace rtworkq::facts
