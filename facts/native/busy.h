// Threads that keep processors busy while a row measures. Made and ended on the main thread.

#pragma once

#include <windows.h>

#include <atomic>
#include <thread>
#include <vector>

namespace rtworkq::facts {

class Busy {
 public:
  /// `processors` is a mask of the processors that each thread may run on; 0 for all.
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
