// What bench/rtworkq.js measures, in plain C++ on the same functions of RTWorkQ.dll: what is left between the two is
// the cost of the package. Started by bench/rounds.js with the sizes as arguments; prints one line of JSON.
//
// The main thread plays JavaScript's part: it starts items and waits. Invoke runs on RTWorkQ's threads.

#include "rtwq/api.h"
#include "rtwq/com.h"
#include "rtwq/platform.h"

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

namespace rtworkq {
namespace {

constexpr INT64 kFarAwayMs = 10'000;

struct Sizes {
  std::uint32_t puts;
  std::uint32_t window;
  std::uint32_t pings;
  std::uint32_t cancels;
  std::uint32_t samples;  // of each delay
  std::uint32_t pace_ms;
  std::vector<std::uint32_t> delays_ms;
};

void check(HRESULT result, const char* function) {
  if (SUCCEEDED(result)) return;
  std::fprintf(stderr, "%s failed with 0x%08lX\n", function, static_cast<unsigned long>(result));
  std::exit(1);
}

std::int64_t now() {
  LARGE_INTEGER ticks;
  QueryPerformanceCounter(&ticks);
  return ticks.QuadPart;
}

std::int64_t ticks_per_second() {
  LARGE_INTEGER frequency;
  QueryPerformanceFrequency(&frequency);
  return frequency.QuadPart;
}

double per_second(std::uint32_t count, std::int64_t since) {
  return static_cast<double>(count) * static_cast<double>(ticks_per_second()) / static_cast<double>(now() - since);
}

/// A callback on the standard queue; a subclass says what it does.
class Callback : public ComObject<IRtwqAsyncCallback> {
 public:
  HRESULT STDMETHODCALLTYPE GetParameters(DWORD* flags, DWORD* queue) noexcept final {
    if (!flags || !queue) return E_POINTER;
    *flags = 0;
    *queue = kStandardQueue;
    return S_OK;
  }

  void put() {
    const ComPtr<IRtwqAsyncResult> result = make_result();
    check(api().RtwqPutWorkItem(kStandardQueue, 0, result.get()), "RtwqPutWorkItem");
  }

  RTWQWORKITEM_KEY schedule(INT64 milliseconds) {
    const ComPtr<IRtwqAsyncResult> result = make_result();
    RTWQWORKITEM_KEY key = 0;
    check(api().RtwqScheduleWorkItem(result.get(), -milliseconds, &key), "RtwqScheduleWorkItem");
    return key;
  }

 private:
  ComPtr<IRtwqAsyncResult> make_result() {
    ComPtr<IRtwqAsyncResult> result;
    check(api().RtwqCreateAsyncResult(nullptr, this, nullptr, result.put()), "RtwqCreateAsyncResult");
    return result;
  }
};

/// Counts its invocations and wakes the main thread where that sleeps. One serves any number of items.
class Completions final : public Callback {
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
      // Looked at once more after saying so: no completion goes between the two. A wake too many does no harm.
      if (done_.load() < count) WaitForSingleObject(event_, INFINITE);
    }
  }

 private:
  ~Completions() override { CloseHandle(event_); }

  const HANDLE event_;
  std::atomic<std::uint32_t> done_{0};
  std::atomic<bool> asleep_{false};
};

/// Notes how late it is invoked.
class Sample final : public Callback {
 public:
  explicit Sample(Completions& completions) noexcept : completions_(ComPtr<Completions>::share(completions)) {}

  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult* result) noexcept override {
    late_ = now() - due_;
    return completions_->Invoke(result);
  }

  void start(std::uint32_t delay_ms) {
    due_ = now() + delay_ms * ticks_per_second() / 1'000;
    schedule(delay_ms);
  }

  double late_ms() const { return static_cast<double>(late_) * 1'000.0 / static_cast<double>(ticks_per_second()); }

 private:
  const ComPtr<Completions> completions_;
  std::int64_t due_ = 0;
  std::int64_t late_ = 0;
};

double puts_per_second(std::uint32_t puts, std::uint32_t window) {
  const auto completions = make<Completions>();
  const std::int64_t start = now();
  for (std::uint32_t index = 0; index < puts; ++index) {
    if (index >= window) completions->wait_for(index - window + 1);
    completions->put();
  }
  completions->wait_for(puts);
  return per_second(puts, start);
}

double cancels_per_second(std::uint32_t cancels) {
  const auto never = make<Completions>();
  const std::int64_t start = now();
  for (std::uint32_t index = 0; index < cancels; ++index) {
    check(api().RtwqCancelWorkItem(never->schedule(kFarAwayMs)), "RtwqCancelWorkItem");
  }
  return per_second(cancels, start);
}

/// Milliseconds, delay by delay. The delays take turns, one item starts every `pace_ms`.
std::vector<std::vector<double>> lateness(const Sizes& sizes) {
  const auto all = make<Completions>();
  const auto pace = make<Completions>();
  std::vector<std::vector<ComPtr<Sample>>> started(sizes.delays_ms.size());
  std::uint32_t count = 0;
  for (std::uint32_t turn = 0; turn < sizes.samples; ++turn) {
    for (std::size_t delay = 0; delay < started.size(); ++delay) {
      started[delay].push_back(make<Sample>(*all));
      started[delay].back()->start(sizes.delays_ms[delay]);
      pace->schedule(sizes.pace_ms);
      pace->wait_for(++count);
    }
  }
  all->wait_for(count);
  std::vector<std::vector<double>> late(started.size());
  for (std::size_t delay = 0; delay < started.size(); ++delay) {
    for (const auto& sample : started[delay]) late[delay].push_back(sample->late_ms());
  }
  return late;
}

void print_lateness(const Sizes& sizes, const std::vector<std::vector<double>>& late) {
  for (std::size_t delay = 0; delay < late.size(); ++delay) {
    std::printf("%s\"%lu\":[", delay ? "," : "", static_cast<unsigned long>(sizes.delays_ms[delay]));
    const char* separator = "";
    for (const double milliseconds : late[delay]) std::printf("%s%.4f", std::exchange(separator, ","), milliseconds);
    std::printf("]");
  }
}

void measure(const Sizes& sizes) {
  // Once unmeasured: the first items on a fresh queue are slow.
  puts_per_second(sizes.puts, sizes.window);
  const double puts = puts_per_second(sizes.puts, sizes.window);
  const double pings = puts_per_second(sizes.pings, 1);
  const double cancels = cancels_per_second(sizes.cancels);
  const auto late = lateness(sizes);
  std::printf("{\"puts\":%.0f,\"pings\":%.0f,\"cancels\":%.0f,\"lateness\":{\"fired\":{", puts, pings, cancels);
  print_lateness(sizes, late);
  std::printf("}}}\n");
}

}  // namespace
}  // namespace rtworkq

int wmain(int argc, wchar_t** argv) {
  std::vector<std::uint32_t> numbers;
  for (int index = 1; index < argc; ++index) {
    numbers.push_back(static_cast<std::uint32_t>(std::wcstoul(argv[index], nullptr, 10)));
  }
  if (numbers.size() < 7) {
    std::fprintf(stderr, "baseline <puts> <window> <pings> <cancels> <samples> <pace in ms> <delay in ms>...\n");
    return 2;
  }
  if (!rtworkq::library().usable()) {
    std::fprintf(stderr, "RTWorkQ.dll is missing or too old\n");
    return 1;
  }
  auto& platform = rtworkq::Platform::instance();
  rtworkq::check(platform.acquire().result, "RtwqStartup");
  const std::vector<std::uint32_t> delays(numbers.begin() + 6, numbers.end());
  rtworkq::measure({numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], delays});
  rtworkq::check(platform.release().result, "RtwqShutdown");
  return 0;
}
