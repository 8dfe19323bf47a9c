// Whether a wait that is cancelled right after its event is set loses the signal: 10,000 times, for RTWorkQ and for
// ntdll's thread pool.

#include "answers.h"
#include "baseline/clock.h"
#include "callbacks.h"
#include "rows.h"

#include <cstdint>
#include <vector>

namespace rtworkq::facts {
namespace {

constexpr int kBatches = 10;
constexpr int kWaitsPerBatch = 1'000;
constexpr DWORD kQuietMs = 300;
constexpr double kLimitMs = 10'000;

/// What happened to the signals.
struct Signals {
  double all = 0;
  double reported = 0;          // the callback count with success and the event is no longer set
  double reported_and_set = 0;  // both: one signal counts twice
  double kept = 0;              // no successful callback, and the event is still set
  double lost = 0;              // no successful callback, and the event is not set
  double uncalled = 0;          // no callback at all, though RTWorkQ should always call

  void count(bool succeeded, bool set) {
    ++all;
    ++(succeeded ? (set ? reported_and_set : reported) : (set ? kept : lost));
  }

  void report() const {
    say("signals", all);
    say("the callback reported it", reported);
    say("the event kept it", kept);
    say("lost: not reported and the event not set", lost);
    say("reported and the event still set", reported_and_set);
  }
};

/// Varies the timing, so that some waits have started when the event is set and others have not.
void vary_timing(int round) {
  if (round % 4 == 1) SwitchToThread();
  if (round % 100 == 2) Sleep(1);
}

/// Leaked on purpose, because late callbacks and waits that never end still use it.
struct Batch {
  Countdown countdown{kWaitsPerBatch};
  std::vector<UniqueHandle> events;
  std::vector<ComPtr<RecordingCallback>> waits;
};

void cancel_batch(Signals& signals) {
  Batch& batch = *new Batch;
  for (int round = 0; round < kWaitsPerBatch; ++round) {
    const HANDLE event = batch.events.emplace_back(make_auto_reset_event()).get();
    const auto& wait = batch.waits.emplace_back(make<RecordingCallback>(batch.countdown));
    const RTWQWORKITEM_KEY key = wait->wait_for(event);
    vary_timing(round);
    SetEvent(event);
    vary_timing(round + 1);
    api().RtwqCancelWorkItem(key);
  }
  batch.countdown.wait_until_quiet(kQuietMs);
  for (std::size_t round = 0; round < kWaitsPerBatch; ++round) {
    const RecordingCallback& wait = *batch.waits[round];
    const bool set = take_signal(batch.events[round].get());
    signals.count(wait.invoked() && SUCCEEDED(wait.status()), set);
    if (!wait.invoked()) ++signals.uncalled;
  }
}

void CALLBACK on_signal(PTP_CALLBACK_INSTANCE, void* context, PTP_WAIT, TP_WAIT_RESULT) {
  InterlockedIncrement(static_cast<LONG*>(context));
}

void end_pool_batch(Signals& signals) {
  std::vector<UniqueHandle> events;
  std::vector<LONG> called(kWaitsPerBatch, 0);
  for (int round = 0; round < kWaitsPerBatch; ++round) {
    events.push_back(make_auto_reset_event());
    const PTP_WAIT wait = CreateThreadpoolWait(on_signal, &called[static_cast<std::size_t>(round)], nullptr);
    if (!wait) return say("CreateThreadpoolWait failed with error", GetLastError());
    SetThreadpoolWait(wait, events.back().get(), nullptr);
    vary_timing(round);
    SetEvent(events.back().get());
    vary_timing(round + 1);
    SetThreadpoolWait(wait, nullptr, nullptr);
    WaitForThreadpoolWaitCallbacks(wait, TRUE);
    CloseThreadpoolWait(wait);
  }
  // A pool thread may have been about to take a signal.
  Sleep(kQuietMs);
  for (std::size_t round = 0; round < kWaitsPerBatch; ++round) {
    signals.count(called[round] > 0, take_signal(events[round].get()));
  }
}

Signals in_batches(void (*batch)(Signals&)) {
  Signals signals;
  const std::int64_t start = bench::now();
  for (int left = kBatches; left > 0 && bench::milliseconds(bench::now() - start) < kLimitMs; --left) batch(signals);
  signals.report();
  return signals;
}

}  // namespace

void cancelled_waits() { say("no callback after the cancel", in_batches(cancel_batch).uncalled); }

void cancelled_pool_waits() { in_batches(end_pool_batch); }

}  // namespace rtworkq::facts
