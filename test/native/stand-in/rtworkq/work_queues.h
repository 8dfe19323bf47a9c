// The work queues of a running platform: their ids, locks and MMCSS registrations. Any thread.
//
// The table owns a reference to each locked queue. Items that are on a queue, or waiting for it, own one too.

#pragma once

#include "common/lock.h"
#include "rtworkq/mmcss.h"
#include "rtworkq/work_queue.h"

#include <rtworkq.h>

#include <map>
#include <memory>

namespace stand_in {

inline constexpr DWORD kStandardQueue = 1;
inline constexpr DWORD kMultithreadedQueue = 5;
inline constexpr DWORD kLongFunctionQueue = 7;

class WorkQueues {
 public:
  WorkQueues();

  /// The queue with exactly that id, or null.
  std::shared_ptr<WorkQueue> find(DWORD id);

  /// The queue that runs items put on that id, or null. As on Windows, that is the standard queue if the id is unknown
  /// and not in the range of private queues.
  std::shared_ptr<WorkQueue> find_for_items(DWORD id);

  HRESULT allocate(RTWQ_WORKQUEUE_TYPE type, DWORD& id);
  HRESULT allocate_serial(DWORD target, DWORD& id);
  /// `task_id` is null, or in and out.
  HRESULT lock_shared(const wchar_t* task_class, LONG base_priority, DWORD* task_id, DWORD& id);
  HRESULT lock(DWORD id);
  HRESULT unlock(DWORD id);

  HRESULT registration(DWORD id, Registration& out);
  HRESULT set_registration(DWORD id, Registration registration);
  void set_system_registration(const Registration& registration);

  /// After this, no queue can be found or allocated.
  void close();

 private:
  enum class Kind { system, plain, window, shared };

  struct Entry {
    Kind kind;
    std::shared_ptr<WorkQueue> queue{};
    DWORD locks = 1;   // not used for the system's queues
    DWORD target = 0;  // only for a serial queue, which holds a lock on its target
    Registration registration{};
  };

  using Entries = std::map<DWORD, Entry>;

  HRESULT add(Entry entry, DWORD& id);
  Entries::iterator find_shared(const wchar_t* task_class, DWORD task_id);

  Lock lock_;
  Entries entries_;
  bool closed_ = false;
};

}  // namespace stand_in
