// How RTWorkQ handles a second MMCSS registration of a queue, and the lowest priority.

#include "answers.h"
#include "callbacks.h"
#include "rows.h"

#include <array>
#include <string>

namespace rtworkq::facts {
namespace {

constexpr DWORD kLimitMs = 10'000;
constexpr LONG kVeryLow = -2;  // AVRT_PRIORITY_VERYLOW

/// Calls the End function in the callback, as the documentation requires.
class Registration final : public bench::Callback {
 public:
  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult* result) noexcept override {
    status_ = result->GetStatus();
    ended_ = api().RtwqEndRegisterWorkQueueWithMMCSS(result, &task_);
    countdown_.add();
    return S_OK;
  }

  void report(const std::string& name) const {
    if (countdown_.wait(kLimitMs) == 0) return say(name + ", callback", "none within 10 s");
    say_result(name + ", status", status_);
    say_result(name + ", End", ended_);
    say(name + ", task", task_ ? "given" : "0");
  }

 private:
  Countdown countdown_{1};
  HRESULT status_ = S_OK;
  HRESULT ended_ = S_OK;
  DWORD task_ = 0;
};

std::string class_of(DWORD queue) {
  std::array<wchar_t, 64> text{};
  DWORD length = static_cast<DWORD>(text.size());
  const HRESULT result = api().RtwqGetWorkQueueMMCSSClass(queue, text.data(), &length);
  if (FAILED(result)) return name_of(result);
  std::string name;
  for (const wchar_t* at = text.data(); *at; ++at) name += static_cast<char>(*at);
  return name.empty() ? "none" : name;
}

void begin(const std::string& name, DWORD queue, const wchar_t* usage_class, LONG priority) {
  // Leaked on purpose: a callback may come late.
  Registration& registration = *make<Registration>().detach();
  const HRESULT begun =
      api().RtwqBeginRegisterWorkQueueWithMMCSS(queue, usage_class, 0, priority, &registration, nullptr);
  say_result(name + ", Begin", begun);
  if (FAILED(begun)) return;
  registration.report(name);
  say(name + ", class afterwards", class_of(queue));
  LONG actual = 0;
  const HRESULT read = api().RtwqGetWorkQueueMMCSSPriority(queue, &actual);
  if (SUCCEEDED(read)) say(name + ", priority afterwards", actual);
}

DWORD private_queue() {
  DWORD queue = 0;
  check(api().RtwqAllocateWorkQueue(RTWQ_STANDARD_WORKQUEUE, &queue), "RtwqAllocateWorkQueue");
  return queue;
}

}  // namespace

void mmcss_registration() {
  const DWORD queue = private_queue();
  begin("first", queue, L"Audio", 0);
  begin("second", queue, L"Pro Audio", 0);
  begin("priority -2", private_queue(), L"Audio", kVeryLow);
}

}  // namespace rtworkq::facts
