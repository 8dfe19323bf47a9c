// Threads that keep processors busy during a measurement. Created and destroyed on the main thread.

#pragma once

#include <windows.h>

#include <atomic>
#include <thread>
#include <vector>

namespace rtworkq::facts {

class Busy {
 public:
  /// `processors` is the affinity mask of each thread; 0 means all processors.
  explicit Busy(unsigned threads, DWORD_PTR processors = 0) {
    for (; threads > 0; --threads) {
      threads_.emplace_back([this, processors] {
        if (processors) SetThreadAffinityMask(GetCurrentThread(), processors);
        while (!stop_.load(std::memory_order_relaxed)) continue;
      });
    }
  }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;
  ~Busy() {
    stop_.store(true);
    for (auto& thread : threads_) thread.join();
  }

 private:
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

}  // namespace rtworkq::facts
