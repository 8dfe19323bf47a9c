// Runs on callers' threads. Event handlers are called, and sessions closed, without the lock.

#include "rtworkq/platform.h"

namespace stand_in {
namespace {

/// Queue threads run this module's code until the process ends, even if a program frees the library.
void pin_this_module() {
  static const char anchor = 0;
  HMODULE module = nullptr;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                     reinterpret_cast<const wchar_t*>(&anchor), &module);
}

}  // namespace

Platform& Platform::instance() {
  static Platform& platform = *new Platform;
  return platform;
}

HRESULT Platform::startup() {
  {
    const Guard guard(lock_);
    const bool up = session_ != nullptr;
    if (!up) {
      pin_this_module();
      session_ = std::make_shared<Session>();
    }
    ++starts_;
    if (up) return S_OK;
  }
  events_.notify(&IRtwqPlatformEvents::InitializationComplete);
  return S_OK;
}

HRESULT Platform::lock() {
  const Guard guard(lock_);
  ++locks_;
  return S_OK;
}

// An unmatched call is not an error.
HRESULT Platform::shutdown() { return drop_count(&Platform::starts_); }
HRESULT Platform::unlock() { return drop_count(&Platform::locks_); }

HRESULT Platform::drop_count(std::size_t Platform::* count) {
  std::shared_ptr<Session> last;
  {
    const Guard guard(lock_);
    if (this->*count > 0) --(this->*count);
    if (starts_ > 0 || locks_ > 0) return S_OK;
    last.swap(session_);
  }
  if (!last) return S_OK;
  events_.notify(&IRtwqPlatformEvents::ShutdownStart);
  last->close();
  events_.notify(&IRtwqPlatformEvents::ShutdownComplete);
  return S_OK;
}

std::shared_ptr<Session> Platform::session() {
  const Guard guard(lock_);
  return session_;
}

}  // namespace stand_in
