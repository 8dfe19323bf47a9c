// on_power() runs on a thread of Windows, everything else on any thread.

#include "waiter/resume.h"

#include "base/module.h"
#include "waiter/mutex.h"
#include "waiter/pool.h"

#include <windows.h>

namespace rtworkq::waiter {
namespace {

// As in powrprof.h and winuser.h, whose declarations depend on the version of Windows that is targeted.
constexpr DWORD kDeviceNotifyCallback = 2;
constexpr ULONG kResumeAutomatic = 0x12;

struct Subscription {
  ULONG(CALLBACK* callback)(void* context, ULONG type, void* setting);
  void* context;
};

ULONG CALLBACK on_power(void*, ULONG type, void*) {
  // Windows sends this one at every resume, by the user or by a timer.
  if (type == kResumeAutomatic) {
    Pool::waits().resume();
    Pool::alarms().resume();
    Mutex::resume_all();
  }
  return ERROR_SUCCESS;
}

bool subscribe() noexcept {
  // Loaded and subscribed until the process ends.
  const HMODULE module = LoadLibraryExW(L"powrprof.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (!module) return false;
  const auto call = resolve<DWORD(WINAPI*)(DWORD, HANDLE, void**)>(module, "PowerRegisterSuspendResumeNotification");
  static Subscription subscription{on_power, nullptr};
  static void* registration = nullptr;
  return call && call(kDeviceNotifyCallback, &subscription, &registration) == ERROR_SUCCESS;
}

}  // namespace

void watch_resume() noexcept {
  static const bool watching = subscribe();
  static_cast<void>(watching);
}

}  // namespace rtworkq::waiter
