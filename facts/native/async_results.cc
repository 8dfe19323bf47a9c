// Whether RTWorkQ keeps async results that are no longer used: their memory, and their addresses.

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
  // Wine does not count them.
  if (now.private_bytes > 0) say(when + ", private KB more", now.private_bytes - before.private_bytes);
  say(when + ", working set KB more", now.working_set - before.working_set);
}

}  // namespace

void async_results() {
  Countdown never(1);
  const auto callback = make<RecordingCallback>(never);
  std::set<IRtwqAsyncResult*> seen;
  std::vector<ComPtr<IRtwqAsyncResult>> results(kResults);
  // Once, so that the memory of this program itself is there before it is counted.
  for (auto& result : results) result = callback->make_result();
  const Memory before = memory();
  std::vector<ComPtr<IRtwqAsyncResult>> more(kResults);
  for (auto& result : more) result = callback->make_result();
  say_memory("100,000 more held", before);
  for (const auto& result : more) seen.insert(result.get());
  const Memory with_addresses = memory();
  more.clear();
  say_memory("these released", with_addresses);
  results.clear();
  say_memory("all released", with_addresses);
  std::vector<ComPtr<IRtwqAsyncResult>> again(kResults);
  for (auto& result : again) result = callback->make_result();
  const auto known =
      std::count_if(again.begin(), again.end(), [&](const auto& each) { return seen.contains(each.get()); });
  say("100,000 new ones, at an address seen before", share(static_cast<double>(known), kResults));
  const auto one = callback->make_result().detach();
  one->Release();
  const auto next = callback->make_result();
  say("one released, the next one has its address", next.get() == one ? "yes" : "no");
}

}  // namespace rtworkq::facts
