// A lock, for any thread. An SRWLOCK needs no memory and no clean-up. mingw-w64's std::mutex needs both, and these
// locks are never cleaned up.

#pragma once

#include <windows.h>

#include <mutex>

namespace stand_in {

class Lock {
 public:
  void lock() noexcept { AcquireSRWLockExclusive(&lock_); }
  void unlock() noexcept { ReleaseSRWLockExclusive(&lock_); }

 private:
  SRWLOCK lock_ = SRWLOCK_INIT;
};

using Guard = std::unique_lock<Lock>;

}  // namespace stand_in
