// Files whose completed I/O goes to a work queue. There is one completion port, and one thread that takes from it and
// puts on the queues; both come with the first file and go with the platform. Win32 cannot take a file off its port:
// after an unjoin its completions are dropped, and it cannot be joined again.

#pragma once

#include "common/lock.h"
#include "rtworkq/unique_handle.h"
#include "rtworkq/work_queue.h"

#include <cstdint>
#include <map>
#include <memory>

namespace stand_in {

class JoinedFiles : public std::enable_shared_from_this<JoinedFiles> {
 public:
  /// RtwqJoinWorkQueue on a known queue, which is owned from then on. Any thread.
  HRESULT join(DWORD id, std::shared_ptr<WorkQueue> queue, HANDLE file, HANDLE& cookie);

  /// RtwqUnjoinWorkQueue. Any thread.
  HRESULT unjoin(DWORD id, HANDLE cookie);

  /// Drops every file and ends the thread, without waiting for it.
  void close();

 private:
  struct File {
    DWORD id;
    std::shared_ptr<WorkQueue> queue;
  };

  HRESULT ensure_port();
  void take_completions();
  std::shared_ptr<WorkQueue> queue_of_file(ULONG_PTR key);

  Lock lock_;
  UniqueHandle port_;
  std::map<ULONG_PTR, File> files_;
  ULONG_PTR last_key_ = 0;
  bool closed_ = false;
};

}  // namespace stand_in
