// What is called every ten milliseconds. The callbacks run on a queue of their own, one after the other; one that is
// still waiting or running when its next time comes is left out that time.

#pragma once

#include "common/lock.h"
#include "rtworkq/timers.h"
#include "rtworkq/work_queue.h"
#include "rtwq/com.h"

#include <rtworkq.h>

#include <map>
#include <memory>

namespace stand_in {

class PeriodicCallbacks {
 public:
  explicit PeriodicCallbacks(Timers& timers);

  /// RtwqAddPeriodicCallback. Holds a reference to the context until it is removed and no call is under way. Any
  /// thread.
  HRESULT add(RTWQPERIODICCALLBACK callback, IUnknown* context, DWORD& key);

  /// RtwqRemovePeriodicCallback. A call that is under way is not waited for. Any thread.
  HRESULT remove(DWORD key);

  /// Removes all. After this the timers know none of them.
  void close();

 private:
  struct Entry;

  void arm(DWORD key, Entry& entry);
  void tick(DWORD key);

  Timers& timers_;
  const std::shared_ptr<WorkQueue> queue_;
  Lock lock_;
  std::map<DWORD, std::shared_ptr<Entry>> entries_;
  DWORD last_key_ = 0;
  bool closed_ = false;
};

}  // namespace stand_in
