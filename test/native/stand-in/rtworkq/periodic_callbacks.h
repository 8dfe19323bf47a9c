// Callbacks that run every ten milliseconds, one after the other, on their own queue. A callback that is still queued
// or running when its next tick is due skips that tick.

#pragma once

#include "base/com.h"
#include "common/lock.h"
#include "rtworkq/timers.h"
#include "rtworkq/work_queue.h"

#include <rtworkq.h>

#include <map>
#include <memory>

namespace stand_in {

class PeriodicCallbacks {
 public:
  explicit PeriodicCallbacks(Timers& timers);

  /// RtwqAddPeriodicCallback. Holds a reference to the context until it is removed and no call is running. Any thread.
  HRESULT add(RTWQPERIODICCALLBACK callback, IUnknown* context, DWORD& key);

  /// RtwqRemovePeriodicCallback. Does not wait for a running call. Any thread.
  HRESULT remove(DWORD key);

  /// Removes all callbacks and their timers.
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
