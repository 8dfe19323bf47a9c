// Runs on the thread of the last shutdown.

#include "rtworkq/session.h"

namespace stand_in {

void Session::close() {
  // The timers last, because the periodic callbacks take theirs back.
  files_->close();
  waiting_->close();
  periodic_.close();
  timers_.close();
  queues_.close();
}

}  // namespace stand_in
