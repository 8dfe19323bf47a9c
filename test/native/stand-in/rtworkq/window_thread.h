// The executor of a window queue: one thread with a message loop, so that callbacks can create windows and timers. The
// thread starts with the executor, and ends when the queue has released it and all turns have run.

#pragma once

#include "rtworkq/work_queue.h"

namespace stand_in {

class WindowThread final : public Executor {
 public:
  WindowThread();
  ~WindowThread() override;

  void execute(Work turn) override;

 private:
  struct Inbox;

  static void run(Inbox& inbox);

  const std::shared_ptr<Inbox> inbox_;
};

}  // namespace stand_in
