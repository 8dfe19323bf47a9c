// Runs on JavaScript threads. The Platform lives as long as the process.

#include "rtwq/platform.h"

namespace rtworkq {

Platform& Platform::instance() {
  // Never destroyed: callbacks may still run while the process unloads its modules.
  static Platform& platform = *new Platform;
  return platform;
}

Outcome Platform::start() {
  if (!pin_this_module()) return {HRESULT_FROM_WIN32(GetLastError()), Function::RtwqStartup};
  if (const HRESULT result = api().RtwqStartup(); FAILED(result)) return {result, Function::RtwqStartup};
  if (const HRESULT result = api().RtwqLockPlatform(); FAILED(result)) {
    api().RtwqShutdown();
    return {result, Function::RtwqLockPlatform};
  }
  started_ = true;
  return {};
}

Outcome Platform::acquire() {
  const std::scoped_lock lock(mutex_);
  if (!started_) {
    if (const Outcome outcome = start(); outcome.failed()) return outcome;
  }
  leases_.fetch_add(1);
  return {};
}

Outcome Platform::release() {
  const std::scoped_lock lock(mutex_);
  if (leases_.fetch_sub(1) > 1) return {};
  started_ = false;
  const HRESULT unlocked = api().RtwqUnlockPlatform();
  const HRESULT shut_down = api().RtwqShutdown();
  if (FAILED(unlocked)) return {unlocked, Function::RtwqUnlockPlatform};
  return {shut_down, Function::RtwqShutdown};
}

Outcome PlatformLock::lock(PlatformLock& lock) noexcept {
  const Outcome outcome{api().RtwqLockPlatform(), Function::RtwqLockPlatform};
  lock.locked_ = !outcome.failed();
  return outcome;
}

Outcome PlatformLock::unlock() noexcept {
  if (!std::exchange(locked_, false)) return {};
  return {api().RtwqUnlockPlatform(), Function::RtwqUnlockPlatform};
}

}  // namespace rtworkq
