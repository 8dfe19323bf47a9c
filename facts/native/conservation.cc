// Whether an object keeps a signal that WaitForMultipleObjects does not return. A thread waits for a control event and
// one object. At about the same time, the main thread signals the object and removes it from the wait, 10,000 times.
// Each time the wait should have returned the signal, or the object should still be signaled.

#include "answers.h"
#include "baseline/clock.h"
#include "callbacks.h"
#include "rows.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace rtworkq::facts {
namespace {

constexpr int kRemovals = 10'000;
constexpr int kSteps = 16;
constexpr double kLimitMs = 12'000;
// Only in newer headers. Without it, the timer would fire at the next 15.6 ms tick.
constexpr DWORD kHighResolution = 0x2;  // CREATE_WAITABLE_TIMER_HIGH_RESOLUTION

/// The waiting thread. The main thread sends requests through the atomic fields and the control event, which may be set
/// once more than necessary; the thread replies through the answer event.
class Waiter {
 public:
  explicit Waiter(HANDLE object) : object_(object) {}
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() {
    stop_.store(true);
    SetEvent(control_.get());
    thread_.join();
  }

  void add() {
    taken_ = false;
    wanted_.store(true);
    SetEvent(control_.get());
  }

  /// Ends the wait. Returns whether it took the signal.
  bool remove() {
    wanted_.store(false);
    removals_.fetch_add(1);
    SetEvent(control_.get());
    WaitForSingleObject(answer_.get(), INFINITE);
    return taken_;
  }

 private:
  void run() {
    const HANDLE handles[]{control_.get(), object_};
    bool waiting = false;
    std::uint32_t answered = 0;
    for (;;) {
      const DWORD result = WaitForMultipleObjects(waiting ? 2 : 1, handles, FALSE, INFINITE);
      if (stop_.load()) return;
      if (result == WAIT_OBJECT_0 + 1) {
        taken_ = true;
        waiting = false;
        continue;
      }
      // Ignore an add() that a remove() has already followed: the main thread is waiting for the answer.
      const std::uint32_t removals = removals_.load();
      waiting = removals == answered && wanted_.load() && !taken_;
      if (removals == answered) continue;
      answered = removals;
      SetEvent(answer_.get());
    }
  }

  const HANDLE object_;
  const UniqueHandle control_ = make_auto_reset_event();
  const UniqueHandle answer_ = make_auto_reset_event();
  std::atomic<bool> wanted_{false};
  std::atomic<std::uint32_t> removals_{0};
  std::atomic<bool> stop_{false};
  std::atomic<bool> taken_{false};
  std::thread thread_{[this] { run(); }};
};

/// Busy-waits for that long.
void spin(double microseconds) {
  const std::int64_t start = bench::now();
  while (bench::milliseconds(bench::now() - start) * 1'000 < microseconds) continue;
}

/// @param set signals the object once, now or a moment later
/// @param spread_us maximum delay between the signal and the removal
/// @param settle_ms how long to wait for a signal that was not taken to become visible
template <class Set>
void measure(HANDLE object, Set set, double spread_us, DWORD settle_ms) {
  double taken = 0;
  double kept = 0;
  double lost = 0;
  double twice = 0;
  int rounds = 0;
  const std::int64_t start = bench::now();
  {
    Waiter waiter(object);
    for (; rounds < kRemovals && bench::milliseconds(bench::now() - start) < kLimitMs; ++rounds) {
      waiter.add();
      if (rounds % 3 == 1) SwitchToThread();
      set();
      spin(spread_us * (rounds % kSteps) / kSteps);
      const bool was_taken = waiter.remove();
      const bool is_set = take_signal(object, was_taken ? 0 : settle_ms);
      ++(was_taken ? (is_set ? twice : taken) : (is_set ? kept : lost));
    }
  }
  say("removals", rounds);
  say("the wait returned the signal", taken);
  say("the object kept it", kept);
  say("lost", lost);
  say("returned and kept", twice);
  say("us per removal", bench::milliseconds(bench::now() - start) * 1'000 / rounds);
}

}  // namespace

void conserved_semaphore() {
  const UniqueHandle semaphore(CreateSemaphoreW(nullptr, 0, kRemovals, nullptr));
  measure(semaphore.get(), [&] { ReleaseSemaphore(semaphore.get(), 1, nullptr); }, 50, 0);
}

void conserved_event() {
  const UniqueHandle event = make_auto_reset_event();
  measure(event.get(), [&] { SetEvent(event.get()); }, 50, 0);
}

void conserved_timer() {
  UniqueHandle timer(CreateWaitableTimerExW(nullptr, nullptr, kHighResolution, TIMER_ALL_ACCESS));
  if (!timer) timer = UniqueHandle(CreateWaitableTimerExW(nullptr, nullptr, 0, TIMER_ALL_ACCESS));
  LARGE_INTEGER due;
  due.QuadPart = -1;
  measure(timer.get(), [&] { SetWaitableTimer(timer.get(), &due, 0, nullptr, nullptr, FALSE); }, 1'000, 1'000);
}

}  // namespace rtworkq::facts
