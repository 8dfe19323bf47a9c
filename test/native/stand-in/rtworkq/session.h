// The platform's state while it is up. Created by the first start, closed by the last shutdown. A call that is running
// at that moment still owns a reference, and finds it closed. Any thread.

#pragma once

#include "rtworkq/apartment.h"
#include "rtworkq/deadlines.h"
#include "rtworkq/joined_files.h"
#include "rtworkq/periodic_callbacks.h"
#include "rtworkq/scheduled_items.h"
#include "rtworkq/timers.h"
#include "rtworkq/waiting_items.h"
#include "rtworkq/work_queues.h"

#include <memory>

namespace stand_in {

class Session {
 public:
  Session() = default;

  WorkQueues& queues() { return queues_; }
  ScheduledItems& scheduled() { return scheduled_; }
  WaitingItems& waiting() { return *waiting_; }
  PeriodicCallbacks& periodic() { return periodic_; }
  Deadlines& deadlines() { return deadlines_; }
  JoinedFiles& files() { return *files_; }

  /// Items already on a queue still run. When this returns, nothing else runs any more.
  void close();

 private:
  MultithreadedApartment apartment_;
  WorkQueues queues_;
  Timers timers_;
  ScheduledItems scheduled_{timers_};
  PeriodicCallbacks periodic_{timers_};
  const std::shared_ptr<WaitingItems> waiting_ = std::make_shared<WaitingItems>();
  const std::shared_ptr<JoinedFiles> files_ = std::make_shared<JoinedFiles>();
  Deadlines deadlines_;
};

}  // namespace stand_in
