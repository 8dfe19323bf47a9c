// Runs on the threads that start and shut down, and on those of long functions.

#include "rtworkq/apartment.h"

#include <objbase.h>

namespace stand_in {
namespace {

/// By name: mingw-w64's 32-bit import library lacks CoIncrementMTAUsage and CoDecrementMTAUsage.
template <class F>
F ole32(const char* name) noexcept {
  return reinterpret_cast<F>(reinterpret_cast<void*>(GetProcAddress(GetModuleHandleW(L"ole32.dll"), name)));
}

}  // namespace

MultithreadedApartment::MultithreadedApartment() noexcept {
  if (const auto increment = ole32<HRESULT(WINAPI*)(void**)>("CoIncrementMTAUsage")) increment(&cookie_);
}

MultithreadedApartment::~MultithreadedApartment() {
  if (cookie_) ole32<HRESULT(WINAPI*)(void*)>("CoDecrementMTAUsage")(cookie_);
}

SingleThreadedApartment::SingleThreadedApartment() noexcept
    : entered_(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED)) {}

SingleThreadedApartment::~SingleThreadedApartment() {
  if (SUCCEEDED(entered_)) CoUninitialize();
}

}  // namespace stand_in
