// Runs on the threads that start or shut down the platform, and on threads of the long function queue.

#include "rtworkq/apartment.h"

#include <objbase.h>

namespace stand_in {
namespace {

/// Resolves by name: mingw-w64's 32-bit import library lacks CoIncrementMTAUsage and CoDecrementMTAUsage.
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
