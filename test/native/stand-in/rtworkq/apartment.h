// COM apartments: a platform that is up keeps the process's multithreaded one alive, so that queue threads are in it
// without a call of their own; long functions run in a single-threaded one. Any thread.

#pragma once

#include <windows.h>

namespace stand_in {

/// Holds the multithreaded apartment.
class MultithreadedApartment {
 public:
  MultithreadedApartment() noexcept;
  ~MultithreadedApartment();
  MultithreadedApartment(const MultithreadedApartment&) = delete;
  MultithreadedApartment& operator=(const MultithreadedApartment&) = delete;

 private:
  void* cookie_ = nullptr;
};

/// Puts the thread that made it into a single-threaded apartment, until that thread destroys it.
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
