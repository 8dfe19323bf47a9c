// Starts 162 threads with 64 KB stacks: as many as WaitForMultipleObjects needs for 10,000 waits.

#include "answers.h"
#include "baseline/clock.h"
#include "callbacks.h"
#include "process.h"
#include "rows.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace rtworkq::facts {
namespace {

constexpr std::size_t kThreads = 162;
constexpr SIZE_T kStackBytes = 64 * 1024;
constexpr DWORD kLimitMs = 20'000;

DWORD WINAPI wait_for_end(void* end) { return WaitForSingleObject(end, INFINITE); }

}  // namespace

void many_threads() {
  const UniqueHandle end(CreateEventW(nullptr, TRUE, FALSE, nullptr));
  std::vector<UniqueHandle> threads;
  std::vector<double> milliseconds;
  const Memory before = memory();
  for (std::size_t left = kThreads; left > 0; --left) {
    const std::int64_t start = bench::now();
    UniqueHandle thread(
        CreateThread(nullptr, kStackBytes, wait_for_end, end.get(), STACK_SIZE_PARAM_IS_A_RESERVATION, nullptr));
    if (!thread) break;
    milliseconds.push_back(bench::milliseconds(bench::now() - start));
    threads.push_back(std::move(thread));
  }
  if (threads.size() < kThreads) say("CreateThread failed with error", GetLastError());
  say("started", share(static_cast<double>(threads.size()), kThreads));
  say_all("per thread", "ms", milliseconds);
  const Memory with_threads = memory();
  if (with_threads.private_bytes > 0) {
    say("private KB per thread", (with_threads.private_bytes - before.private_bytes) / static_cast<double>(kThreads));
  }
  const std::int64_t start = bench::now();
  SetEvent(end.get());
  const auto ended = std::count_if(threads.begin(), threads.end(),
                                   [](const UniqueHandle& thread) { return take_signal(thread.get(), kLimitMs); });
  say("ended", share(static_cast<double>(ended), kThreads));
  say("ms until all have ended", bench::milliseconds(bench::now() - start));
}

}  // namespace rtworkq::facts
