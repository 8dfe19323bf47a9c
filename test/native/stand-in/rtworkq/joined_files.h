// Files whose I/O completions go to a work queue. One completion port and one thread that moves completions to the
// queues are created with the first file and live as long as the platform. Win32 cannot remove a file from its port:
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
  /// RtwqJoinWorkQueue for an existing queue. Takes over the reference to the queue. Any thread.
  HRESULT join(DWORD id, std::shared_ptr<WorkQueue> queue, HANDLE file, HANDLE& cookie);

  /// RtwqUnjoinWorkQueue. Any thread.
  HRESULT unjoin(DWORD id, HANDLE cookie);

  /// Drops all files and ends the thread, without waiting for it.
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
