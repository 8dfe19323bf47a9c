// Runs on the thread that makes the last shutdown call.

#include "rtworkq/session.h"

namespace stand_in {

void Session::close() {
  // Timers after the periodic callbacks, which cancel theirs.
  files_->close();
  waiting_->close();
  periodic_.close();
  timers_.close();
  queues_.close();
}

}  // namespace stand_in
