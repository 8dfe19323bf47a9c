// Handlers that are notified when the platform starts and shuts down. They can be registered while it is down. They are
// called without a lock, on the thread that starts it or shuts it down.

#pragma once

#include "base/com.h"
#include "common/lock.h"

#include <rtworkq.h>

#include <vector>

namespace stand_in {

class PlatformEvents {
 public:
  /// Holds a reference to the handler until it is removed.
  HRESULT add(IRtwqPlatformEvents* handler);
  HRESULT remove(IRtwqPlatformEvents* handler);

  void notify(HRESULT (STDMETHODCALLTYPE IRtwqPlatformEvents::*event)());

 private:
  using Handlers = std::vector<rtworkq::ComPtr<IRtwqPlatformEvents>>;

  Handlers::iterator find(IRtwqPlatformEvents* handler);

  Lock lock_;
  Handlers handlers_;
};

}  // namespace stand_in
