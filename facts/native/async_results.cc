// Whether RTWorkQ caches released async results: how memory use changes, and whether addresses are reused.

#include "answers.h"
#include "callbacks.h"
#include "process.h"
#include "rows.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace rtworkq::facts {
namespace {

constexpr std::size_t kResults = 100'000;

void say_memory(const std::string& when, const Memory& before) {
  const Memory now = memory();
  // Wine reports 0 private bytes.
  if (now.private_bytes > 0) say(when + ", private memory change, KB", now.private_bytes - before.private_bytes);
  say(when + ", working set change, KB", now.working_set - before.working_set);
}

}  // namespace

void async_results() {
  Countdown never(1);
  const auto callback = make<RecordingCallback>(never);
  std::set<IRtwqAsyncResult*> seen;
  std::vector<ComPtr<IRtwqAsyncResult>> results(kResults);
  // Warm up, so that this program's own allocations come before the first measurement.
  for (auto& result : results) result = callback->make_result();
  const Memory before = memory();
  std::vector<ComPtr<IRtwqAsyncResult>> more(kResults);
  for (auto& result : more) result = callback->make_result();
  say_memory("100,000 more held", before);
  for (const auto& result : more) seen.insert(result.get());
  const Memory with_addresses = memory();
  more.clear();
  say_memory("those released", with_addresses);
  results.clear();
  say_memory("all released", with_addresses);
  std::vector<ComPtr<IRtwqAsyncResult>> again(kResults);
  for (auto& result : again) result = callback->make_result();
  const auto known =
      std::count_if(again.begin(), again.end(), [&](const auto& each) { return seen.contains(each.get()); });
  say("100,000 new ones, how many at a known address", share(static_cast<double>(known), kResults));
  const auto one = callback->make_result().detach();
  one->Release();
  const auto next = callback->make_result();
  say("one released, the next one reuses its address", next.get() == one ? "yes" : "no");
}

}  // namespace rtworkq::facts
