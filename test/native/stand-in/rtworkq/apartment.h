// COM apartments. While the platform is up, it keeps the process's multithreaded apartment alive, so queue threads are
// in it without calling COM. Long functions run in a single-threaded apartment. Any thread.

#pragma once

#include <windows.h>

namespace stand_in {

/// Keeps the multithreaded apartment alive.
class MultithreadedApartment {
 public:
  MultithreadedApartment() noexcept;
  ~MultithreadedApartment();
  MultithreadedApartment(const MultithreadedApartment&) = delete;
  MultithreadedApartment& operator=(const MultithreadedApartment&) = delete;

 private:
  void* cookie_ = nullptr;
};

/// Puts the current thread into a single-threaded apartment. Destroy it on the same thread.
class SingleThreadedApartment {
 public:
  SingleThreadedApartment() noexcept;
  ~SingleThreadedApartment();
  SingleThreadedApartment(const SingleThreadedApartment&) = delete;
  SingleThreadedApartment& operator=(const SingleThreadedApartment&) = delete;

 private:
  const HRESULT entered_;
};

}  // namespace stand_in
