// Runs on JavaScript threads.

#include "rtwq/timer_resolution.h"

#include <mmsystem.h>

namespace rtworkq {
namespace {

/// winmm.dll. Loaded on first use, never freed.
struct Winmm {
  decltype(&::timeGetDevCaps) capabilities = nullptr;
  decltype(&::timeBeginPeriod) begin = nullptr;
  decltype(&::timeEndPeriod) end = nullptr;
  DWORD error = ERROR_SUCCESS;

  Winmm() noexcept {
    const HMODULE module = LoadLibraryExW(L"winmm.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (module) {
      capabilities = resolve<decltype(capabilities)>(module, "timeGetDevCaps");
      begin = resolve<decltype(begin)>(module, "timeBeginPeriod");
      end = resolve<decltype(end)>(module, "timeEndPeriod");
    }
    if (!capabilities || !begin || !end) error = GetLastError();
  }
};

const Winmm& winmm() noexcept {
  static const Winmm loaded;
  return loaded;
}

/// Converts an MMRESULT. The only error is a period out of range, and lib/ has already checked the range.
Outcome outcome_of(MMRESULT result, Function function) noexcept {
  return {result == TIMERR_NOERROR ? S_OK : E_INVALIDARG, function};
}

}  // namespace

Outcome TimerResolution::range(Range& range) noexcept {
  const Winmm& dll = winmm();
  if (dll.error != ERROR_SUCCESS) return {HRESULT_FROM_WIN32(dll.error), Function::timeGetDevCaps};
  TIMECAPS found{};
  const Outcome outcome = outcome_of(dll.capabilities(&found, sizeof(found)), Function::timeGetDevCaps);
  range = {found.wPeriodMin, found.wPeriodMax};
  return outcome;
}

Outcome TimerResolution::request(UINT milliseconds, TimerResolution& requested) noexcept {
  const Winmm& dll = winmm();
  if (dll.error != ERROR_SUCCESS) return {HRESULT_FROM_WIN32(dll.error), Function::timeBeginPeriod};
  const Outcome outcome = outcome_of(dll.begin(milliseconds), Function::timeBeginPeriod);
  if (!outcome.failed()) requested.period_ = milliseconds;
  return outcome;
}

Outcome TimerResolution::release() noexcept {
  const UINT period = std::exchange(period_, 0);
  if (period == 0) return {};
  return outcome_of(winmm().end(period), Function::timeEndPeriod);
}

}  // namespace rtworkq
