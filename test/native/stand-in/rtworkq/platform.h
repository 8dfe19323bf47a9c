// The platform of the process: how often it was started and locked, and the session while it is up. Any thread.
//
// It comes up with the first RtwqStartup and stays until the starts and the locks have both been given back. It lives
// as long as the process and is never destroyed: queue threads may be in the DLL to the very end.

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
