// How all native parts of the benchmark start work items. Invoke runs on RTWorkQ threads.

#pragma once

#include "base/com.h"
#include "rtwq/api.h"

#include <cstdio>
#include <cstdlib>

namespace rtworkq::bench {

/// Ends the process if a call failed: the figures would be worthless.
inline void check(HRESULT result, const char* function) {
  if (SUCCEEDED(result)) return;
  std::fprintf(stderr, "%s failed with 0x%08lX\n", function, static_cast<unsigned long>(result));
  std::exit(1);
}

/// A callback on a queue, the standard one by default; subclasses implement Invoke.
class Callback : public ComObject<IRtwqAsyncCallback> {
 public:
  explicit Callback(DWORD queue = kStandardQueue) noexcept : queue_(queue) {}

  HRESULT STDMETHODCALLTYPE GetParameters(DWORD* flags, DWORD* queue) noexcept final {
    if (!flags || !queue) return E_POINTER;
    *flags = 0;
    *queue = queue_;
    return S_OK;
  }

  ComPtr<IRtwqAsyncResult> make_result() {
    ComPtr<IRtwqAsyncResult> result;
    check(api().RtwqCreateAsyncResult(nullptr, this, nullptr, result.put()), "RtwqCreateAsyncResult");
    return result;
  }

  /// With a new async result for each item, as C++ usually does.
  void put() { put(*make_result()); }

  static void put(IRtwqAsyncResult& result) {
    check(api().RtwqPutWorkItem(kStandardQueue, 0, &result), "RtwqPutWorkItem");
  }

  RTWQWORKITEM_KEY schedule(INT64 milliseconds) {
    const ComPtr<IRtwqAsyncResult> result = make_result();
    RTWQWORKITEM_KEY key = 0;
    check(api().RtwqScheduleWorkItem(result.get(), -milliseconds, &key), "RtwqScheduleWorkItem");
    return key;
  }

 private:
  const DWORD queue_;
};

}  // namespace rtworkq::bench
