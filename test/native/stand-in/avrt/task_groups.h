// The task groups of the process: which ids exist, and of which class each is. Any thread. A group belongs to its
// members, threads and work queues, and goes with the last of them.

#pragma once

#include "common/lock.h"

#include <cstddef>
#include <map>
#include <string>

namespace stand_in {

class TaskGroups {
 public:
  static TaskGroups& instance();

  /// As JoinTaskGroup of common/task_groups.h says.
  DWORD join(const wchar_t* task_class, DWORD& id);
  void leave(DWORD id);

 private:
  struct Group {
    std::wstring task_class;
    std::size_t members;
  };

  Lock lock_;
  std::map<DWORD, Group> groups_;
  DWORD last_id_ = 0;
};

}  // namespace stand_in
