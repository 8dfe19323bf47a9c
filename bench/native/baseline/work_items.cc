// Measures the same as bench/subjects/rtworkq.js in plain C++ on the same RTWorkQ functions: the difference is the cost
// of the package.

#include "clock.h"
#include "completions.h"
#include "measures.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rtworkq::bench {
namespace {

constexpr INT64 kFarAwayMs = 10'000;

/// Puts the items with `put_one`, at most `window` of them in flight.
template <class PutOne>
void put_in_window(const Numbers& numbers, Completions& completions, PutOne put_one) {
  const auto count = static_cast<std::uint32_t>(numbers.at(0));
  const auto window = static_cast<std::uint32_t>(numbers.at(1));
  const Meter meter;
  for (std::uint32_t index = 0; index < count; ++index) {
    if (index >= window) completions.wait_for(index - window + 1);
    put_one(index);
  }
  completions.wait_for(count);
  meter.print_per_item(count);
}

/// Puts many items at once and waits until all are done, as often as requested.
template <class AnyCompletions>
void put_at_once(const Numbers& numbers) {
  const auto count = static_cast<std::uint32_t>(numbers.at(0));
  const Meter meter;
  for (double left = numbers.at(1); left > 0; --left) {
    const auto completions = make<AnyCompletions>();
    for (std::uint32_t index = 0; index < count; ++index) completions->put();
    completions->wait_for(count);
  }
  meter.print_per_item(numbers.at(0) * numbers.at(1));
}

}  // namespace

void put(const Numbers& numbers) {
  const auto completions = make<Completions>();
  put_in_window(numbers, *completions, [&](std::uint32_t) { completions->put(); });
}

void put_reusing(const Numbers& numbers) {
  const auto completions = make<Completions>();
  std::vector<ComPtr<IRtwqAsyncResult>> results;
  for (double left = numbers.at(1); left > 0; --left) results.push_back(completions->make_result());
  // The queue is serial, so the results are free again in the order in which they were put.
  const auto put_again = [&](std::uint32_t index) { Callback::put(*results[index % results.size()]); };
  put_in_window(numbers, *completions, put_again);
}

void trips(const Numbers& numbers) {
  const auto completions = make<Completions>();
  std::vector<double> trips;
  for (std::uint32_t done = 1; done <= numbers.at(0); ++done) {
    const std::int64_t start = now();
    completions->put();
    completions->wait_for(done);
    trips.push_back(milliseconds(now() - start));
  }
  std::printf("{\"trip\":");
  print_list(trips);
  std::printf("}\n");
}

void cancel(const Numbers& numbers) {
  const auto never = make<Completions>();
  const Meter meter;
  for (double left = numbers.at(0); left > 0; --left) {
    check(api().RtwqCancelWorkItem(never->schedule(kFarAwayMs)), "RtwqCancelWorkItem");
  }
  meter.print_per_item(numbers.at(0));
}

void bulk(const Numbers& numbers) { put_at_once<Completions>(numbers); }

void bulk_timed(const Numbers& numbers) { put_at_once<TimedCompletions>(numbers); }

}  // namespace rtworkq::bench
