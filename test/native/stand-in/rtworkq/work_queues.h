// The work queues of a platform that is up, by their ids, with their locks and their part in MMCSS. Any thread.
//
// The table owns a queue while it is locked. Afterwards what was put there, or waits to be put there, still owns it.

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

  /// A queue that exists under exactly that id, or null.
  std::shared_ptr<WorkQueue> find(DWORD id);

  /// The queue that something put there runs on, or null. Windows takes the standard queue where the id is none of a
  /// private queue and nothing else is known by it.
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

  /// No queue can be found or made any more.
  void close();

 private:
  enum class Kind { system, plain, window, shared };

  struct Entry {
    Kind kind;
    std::shared_ptr<WorkQueue> queue{};
    DWORD locks = 1;   // the system's queues do not count
    DWORD target = 0;  // of a serial queue, which holds a lock on it
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
