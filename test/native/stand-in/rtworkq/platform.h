// The process's platform: how often it has been started and locked, and the session while it is up. Any thread.
//
// The first RtwqStartup brings it up. It stays up until every start has been shut down and every lock unlocked. The
// object is never destroyed, because queue threads may run the DLL's code until the process ends.

#pragma once

#include "common/lock.h"
#include "rtworkq/platform_events.h"
#include "rtworkq/session.h"

#include <memory>

namespace stand_in {

class Platform {
 public:
  static Platform& instance();

  HRESULT startup();
  HRESULT shutdown();
  HRESULT lock();
  HRESULT unlock();

  /// Null while the platform is down.
  std::shared_ptr<Session> session();

  PlatformEvents& events() { return events_; }

 private:
  HRESULT drop_count(std::size_t Platform::* count);

  PlatformEvents events_;
  Lock lock_;
  std::size_t starts_ = 0;
  std::size_t locks_ = 0;
  std::shared_ptr<Session> session_;
};

}  // namespace stand_in
