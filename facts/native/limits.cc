// How many private queues and pending waits RTWorkQ allows, and what they cost.

#include "answers.h"
#include "baseline/clock.h"
#include "callbacks.h"
#include "process.h"
#include "rows.h"

#include <vector>

namespace rtworkq::facts {
namespace {

constexpr std::size_t kQueues = 2'048;
constexpr std::uint32_t kWaits = 10'000;
constexpr double kPutLimitMs = 20'000;
constexpr DWORD kLimitMs = 20'000;

}  // namespace

void private_queues() {
  std::vector<DWORD> queues;
  HRESULT result = S_OK;
  const std::int64_t start = bench::now();
  while (queues.size() < kQueues) {
    DWORD queue = 0;
    result = api().RtwqAllocateWorkQueue(RTWQ_STANDARD_WORKQUEUE, &queue);
    if (FAILED(result)) break;
    queues.push_back(queue);
  }
  say("allocated", share(static_cast<double>(queues.size()), kQueues));
  say_result("the last RtwqAllocateWorkQueue", result);
  say("ms for all", bench::milliseconds(bench::now() - start));
  say("threads in the process", thread_count());
  for (const DWORD queue : queues) api().RtwqUnlockWorkQueue(queue);
  DWORD queue = 0;
  say_result("one more after unlocking all", api().RtwqAllocateWorkQueue(RTWQ_STANDARD_WORKQUEUE, &queue));
}

void many_waits() {
  auto& countdown = *new Countdown(kWaits);
  std::vector<UniqueHandle> events;
  const auto wait = make<RecordingCallback>(countdown, kMultithreadedQueue);
  HRESULT result = S_OK;
  const std::int64_t start = bench::now();
  while (events.size() < kWaits && bench::milliseconds(bench::now() - start) < kPutLimitMs) {
    UniqueHandle event = make_auto_reset_event();
    RTWQWORKITEM_KEY key = 0;
    result = api().RtwqPutWaitingWorkItem(event.get(), 0, wait->make_result().get(), &key);
    if (FAILED(result)) break;
    events.push_back(std::move(event));
  }
  const auto put = static_cast<double>(events.size());
  say("waits put", share(put, kWaits));
  say_result("the last RtwqPutWaitingWorkItem", result);
  say("us per wait", bench::milliseconds(bench::now() - start) * 1'000 / put);
  say("threads in the process", thread_count());
  const std::int64_t set = bench::now();
  for (const auto& event : events) SetEvent(event.get());
  const auto called = put == kWaits ? countdown.wait(kLimitMs) : countdown.wait_until_quiet(1'000);
  say("callbacks after setting all events", share(called, put));
  say("ms until the last callback", bench::milliseconds(bench::now() - set));
  static_cast<void>(ComPtr<RecordingCallback>(wait).detach());
}

}  // namespace rtworkq::facts
