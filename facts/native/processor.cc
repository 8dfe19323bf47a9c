// What SwitchToThread costs while another thread keeps the same processor busy.

#include "answers.h"
#include "baseline/clock.h"
#include "busy.h"
#include "rows.h"

#include <string>
#include <vector>

namespace rtworkq::facts {
namespace {

constexpr DWORD_PTR kOneProcessor = 1;
constexpr std::size_t kCalls = 1'000;
constexpr double kLimitMs = 5'000;

void measure(const std::string& name) {
  std::vector<double> microseconds;
  double switched = 0;
  const std::int64_t start = bench::now();
  while (microseconds.size() < kCalls && bench::milliseconds(bench::now() - start) < kLimitMs) {
    const std::int64_t before = bench::now();
    if (SwitchToThread()) ++switched;
    microseconds.push_back(bench::milliseconds(bench::now() - before) * 1'000);
  }
  say(name + ", returned true", share(switched, static_cast<double>(microseconds.size())));
  say_all(name, "us", microseconds);
}

}  // namespace

void switch_to_thread() {
  SetThreadAffinityMask(GetCurrentThread(), kOneProcessor);
  measure("alone");
  const Busy busy(1, kOneProcessor);
  measure("next to a busy thread on the same processor");
}

}  // namespace rtworkq::facts
