// Runs on the thread that makes the last shutdown call.

#include "rtworkq/session.h"

namespace stand_in {

void Session::close() {
  files_->close();
  // Timers after the periodic callbacks, which cancel theirs, and before the waits, whose threads may take a while.
  periodic_.close();
  timers_.close();
  waiting_->close();
  queues_.close();
}

}  // namespace stand_in
