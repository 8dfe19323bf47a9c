// The process's task groups: their ids and classes. Any thread. A group lives until its last member, a thread or a work
// queue, leaves.

#pragma once

#include "common/lock.h"

#include <cstddef>
#include <map>
#include <string>

namespace stand_in {

class TaskGroups {
 public:
  static TaskGroups& instance();

  /// See JoinTaskGroup in common/task_groups.h.
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
