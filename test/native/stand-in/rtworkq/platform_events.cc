// Runs on callers' threads.

#include "rtworkq/platform_events.h"

#include <algorithm>

namespace stand_in {

using rtworkq::ComPtr;

/// With the lock held.
PlatformEvents::Handlers::iterator PlatformEvents::find(IRtwqPlatformEvents* handler) {
  return std::find_if(handlers_.begin(), handlers_.end(), [=](const auto& each) { return each.get() == handler; });
}

HRESULT PlatformEvents::add(IRtwqPlatformEvents* handler) {
  if (!handler) return E_POINTER;
  const Guard guard(lock_);
  if (find(handler) != handlers_.end()) return E_INVALIDARG;
  handlers_.push_back(ComPtr<IRtwqPlatformEvents>::share(*handler));
  return S_OK;
}

HRESULT PlatformEvents::remove(IRtwqPlatformEvents* handler) {
  ComPtr<IRtwqPlatformEvents> removed;  // released outside the lock
  const Guard guard(lock_);
  const auto found = find(handler);
  if (found == handlers_.end()) return E_INVALIDARG;
  removed = *found;
  handlers_.erase(found);
  return S_OK;
}

void PlatformEvents::notify(HRESULT (STDMETHODCALLTYPE IRtwqPlatformEvents::*event)()) {
  Handlers handlers;
  {
    const Guard guard(lock_);
    handlers = handlers_;
  }
  for (const auto& handler : handlers) (handler.get()->*event)();
}

}  // namespace stand_in
