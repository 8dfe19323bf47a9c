// How many threads a queue uses, how many of its items overlap, and in which COM apartment they run.

#include "answers.h"
#include "callbacks.h"
#include "rows.h"

#include <objbase.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <string>

namespace rtworkq::facts {
namespace {

constexpr std::uint32_t kItems = 16;
constexpr DWORD kItemMs = 30;
constexpr DWORD kLimitMs = 20'000;

std::string apartment() {
  // Only look at loaded DLLs: if RTWorkQ uses COM, it has loaded them.
  const HMODULE ole32 = GetModuleHandleW(L"ole32.dll");
  const HMODULE combase = GetModuleHandleW(L"combase.dll");
  const auto ask = resolve<decltype(&::CoGetApartmentType)>(combase ? combase : ole32, "CoGetApartmentType");
  if (!ask) return "no COM";
  APTTYPE type = APTTYPE_CURRENT;
  APTTYPEQUALIFIER qualifier = APTTYPEQUALIFIER_NONE;
  if (FAILED(ask(&type, &qualifier))) return "none";
  switch (type) {
    case APTTYPE_STA:
      return "STA";
    case APTTYPE_MAINSTA:
      return "main STA";
    case APTTYPE_MTA:
      return qualifier == APTTYPEQUALIFIER_IMPLICIT_MTA ? "implicit MTA" : "MTA";
    case APTTYPE_NA:
      return "NTA";
    default:
      return "unknown";
  }
}

/// Blocks for a moment, so that items overlap if the queue allows it.
class Item final : public bench::Callback {
 public:
  explicit Item(DWORD queue) noexcept : Callback(queue) {}

  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult*) noexcept override {
    enter();
    Sleep(kItemMs);
    --running_;
    countdown_.add();
    return S_OK;
  }

  void report(const std::string& queue) {
    const std::string ran = share(countdown_.wait(kLimitMs), kItems);
    const std::lock_guard lock(mutex_);
    say(queue, ran + " items ran; threads: " + std::to_string(threads_.size()) +
                   "; at once: " + std::to_string(max_running_) + "; apartment: " + apartment_);
  }

 private:
  void enter() {
    const std::lock_guard lock(mutex_);
    threads_.insert(GetCurrentThreadId());
    max_running_ = std::max(max_running_, ++running_);
    if (apartment_.empty()) apartment_ = apartment();
  }

  Countdown countdown_{kItems};
  std::mutex mutex_;
  std::atomic<int> running_{0};
  int max_running_ = 0;
  std::set<DWORD> threads_;
  std::string apartment_;
};

void ask_queue(const std::string& name, DWORD queue) {
  const auto item = make<Item>(queue);
  for (std::uint32_t left = kItems; left > 0; --left) {
    const HRESULT put = api().RtwqPutWorkItem(queue, 0, item->make_result().get());
    if (FAILED(put)) return say_result(name + ", RtwqPutWorkItem", put);
  }
  item->report(name);
  // Leaked on purpose: a callback may not have returned yet.
  static_cast<void>(ComPtr<Item>(item).detach());
}

void ask_private_queue(const std::string& name, RTWQ_WORKQUEUE_TYPE type) {
  DWORD queue = 0;
  const HRESULT allocated = api().RtwqAllocateWorkQueue(type, &queue);
  if (FAILED(allocated)) return say_result(name + ", RtwqAllocateWorkQueue", allocated);
  ask_queue(name, queue);
}

}  // namespace

void queue_threads() {
  ask_queue("standard (1)", kStandardQueue);
  ask_queue("multithreaded (5)", kMultithreadedQueue);
  ask_queue("long function (7)", kLongFunctionQueue);
  ask_private_queue("private standard", RTWQ_STANDARD_WORKQUEUE);
  ask_private_queue("private multithreaded", RTWQ_MULTITHREADED_WORKQUEUE);
}

}  // namespace rtworkq::facts
