// How late timed waits end: on an idle machine, with a busy thread on each processor, and busy with MMCSS.

#include "answers.h"
#include "baseline/clock.h"
#include "busy.h"
#include "callbacks.h"
#include "rows.h"

#include <cstdint>
#include <string>
#include <vector>

namespace rtworkq::facts {
namespace {

constexpr int kSamples = 100;
constexpr DWORD kDelayMs = 5;
constexpr DWORD kCallbackLimitMs = 5'000;
// Only in newer headers.
constexpr DWORD kHighResolution = 0x2;  // CREATE_WAITABLE_TIMER_HIGH_RESOLUTION

/// One way to wait for `kDelayMs`.
class Sleeper {
 public:
  Sleeper() = default;
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  virtual ~Sleeper() = default;

  /// Waits, and returns how many ms late that ended.
  virtual double late() = 0;
  /// Makes further waits run under MMCSS. Returns an error, or an empty string if it worked.
  virtual std::string join_mmcss() = 0;
};

/// Registers the calling thread with the MMCSS class "Pro Audio".
std::string join_thread() {
  using Join = HANDLE(WINAPI*)(const wchar_t*, DWORD*);
  const HMODULE avrt = LoadLibraryExW(L"avrt.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  const auto join = avrt ? resolve<Join>(avrt, "AvSetMmThreadCharacteristicsW") : nullptr;
  if (!join) return "avrt.dll is missing";
  DWORD task = 0;
  if (join(L"Pro Audio", &task)) return {};
  return "AvSetMmThreadCharacteristicsW failed with error " + std::to_string(GetLastError());
}

double late_since(std::int64_t start) { return bench::milliseconds(bench::now() - start) - kDelayMs; }

class Timer final : public Sleeper {
 public:
  double late() override {
    LARGE_INTEGER due;
    due.QuadPart = -10'000LL * kDelayMs;
    const std::int64_t start = bench::now();
    SetWaitableTimer(timer_.get(), &due, 0, nullptr, nullptr, FALSE);
    WaitForSingleObject(timer_.get(), INFINITE);
    return late_since(start);
  }

  std::string join_mmcss() override { return join_thread(); }
  bool made() const noexcept { return static_cast<bool>(timer_); }

 private:
  const UniqueHandle timer_{CreateWaitableTimerExW(nullptr, nullptr, kHighResolution, TIMER_ALL_ACCESS)};
};

class Timeout final : public Sleeper {
 public:
  double late() override {
    const HANDLE handles[]{events_[0].get(), events_[1].get()};
    const std::int64_t start = bench::now();
    WaitForMultipleObjects(2, handles, FALSE, kDelayMs);
    return late_since(start);
  }

  std::string join_mmcss() override { return join_thread(); }

 private:
  const UniqueHandle events_[2]{make_auto_reset_event(), make_auto_reset_event()};
};

/// Records the time in the callback, and wakes the main thread.
class Stamp final : public bench::Callback {
 public:
  explicit Stamp(DWORD queue) noexcept : Callback(queue) {}

  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult*) noexcept override {
    late_ = late_since(start_);
    SetEvent(done_.get());
    return S_OK;
  }

  double measure() {
    start_ = bench::now();
    schedule(kDelayMs);
    return take_signal(done_.get(), kCallbackLimitMs) ? late_ : kCallbackLimitMs;
  }

 private:
  const UniqueHandle done_ = make_auto_reset_event();
  std::int64_t start_ = 0;
  double late_ = 0;
};

class WorkItem final : public Sleeper {
 public:
  double late() override { return stamp_->measure(); }

  std::string join_mmcss() override {
    DWORD task = 0;
    DWORD queue = 0;
    const HRESULT locked = api().RtwqLockSharedWorkQueue(L"Pro Audio", 0, &task, &queue);
    if (FAILED(locked)) return "RtwqLockSharedWorkQueue: " + name_of(locked);
    stamp_ = make<Stamp>(queue);
    return {};
  }

 private:
  ComPtr<Stamp> stamp_ = make<Stamp>(kMultithreadedQueue);
};

void measure(const std::string& when, Sleeper& sleeper) {
  // Warm up: the first call may start a thread.
  sleeper.late();
  std::vector<double> late;
  for (int left = kSamples; left > 0; --left) late.push_back(sleeper.late());
  say_all(when, "ms late", late);
}

void in_all_states(Sleeper& sleeper) {
  measure("idle", sleeper);
  SYSTEM_INFO info;
  GetSystemInfo(&info);
  const Busy busy(info.dwNumberOfProcessors);
  measure("busy", sleeper);
  const std::string failed = sleeper.join_mmcss();
  if (!failed.empty()) return say("busy, under MMCSS", failed);
  measure("busy, under MMCSS", sleeper);
}

}  // namespace

void late_timers() {
  Timer timer;
  if (!timer.made()) return say("CreateWaitableTimerExW failed with error", GetLastError());
  in_all_states(timer);
}

void late_work_items() {
  WorkItem item;
  in_all_states(item);
}

void late_timeouts() {
  Timeout timeout;
  in_all_states(timeout);
}

}  // namespace rtworkq::facts
