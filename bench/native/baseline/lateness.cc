// Measures in the callback how late RTWorkQ invokes scheduled items.

#include "clock.h"
#include "completions.h"
#include "measures.h"

#include <cstdint>
#include <vector>

namespace rtworkq::bench {
namespace {

/// Records how late it is invoked.
class Sample final : public Callback {
 public:
  explicit Sample(Completions& completions) noexcept : completions_(ComPtr<Completions>::share(completions)) {}

  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult* result) noexcept override {
    late_ = now() - due_;
    return completions_->Invoke(result);
  }

  void start(INT64 delay_ms) {
    due_ = now() + delay_ms * ticks_per_second() / 1'000;
    schedule(delay_ms);
  }

  double late_ms() const { return milliseconds(late_); }

 private:
  const ComPtr<Completions> completions_;
  std::int64_t due_ = 0;
  std::int64_t late_ = 0;
};

}  // namespace

// The delays take turns; one item starts every `pace` milliseconds.
void lateness(const Numbers& numbers) {
  const auto all = make<Completions>();
  const auto pace = make<Completions>();
  const auto pace_ms = static_cast<INT64>(numbers.at(1));
  std::vector<ComPtr<Sample>> samples;
  std::uint32_t count = 0;
  for (double turn = numbers.at(0); turn > 0; --turn) {
    for (std::size_t delay = 2; delay < numbers.size(); ++delay) {
      samples.push_back(make<Sample>(*all));
      samples.back()->start(static_cast<INT64>(numbers[delay]));
      pace->schedule(pace_ms);
      pace->wait_for(++count);
    }
  }
  all->wait_for(count);
  std::vector<double> late;
  for (const auto& sample : samples) late.push_back(sample->late_ms());
  std::printf("{\"fired\":");
  print_list(late);
  std::printf("}\n");
}

}  // namespace rtworkq::bench
