// A work queue: items ordered by priority, and an executor that provides the threads.
//
// For each item, a queue requests a turn from its executor, unless the maximum number of turns is already running (one
// for a serial queue). In a turn a thread runs one item, and then requests the next turn if items are left. A turn owns
// a reference to the queue, so an unlocked queue still runs its items before it is destroyed.

#pragma once

#include "common/lock.h"
#include "rtworkq/threads.h"

#include <windows.h>

#include <array>
#include <atomic>
#include <deque>
#include <memory>

namespace stand_in {

/// Max threads of a queue that has its own: as many stacks as fit in a 32-bit process.
inline constexpr std::size_t kMaxThreads = 256;

/// Provides a queue's threads. Called on any thread.
class Executor {
 public:
  virtual ~Executor() = default;
  virtual void execute(Work turn) = 0;
  /// How many turns it runs at once for a parallel queue.
  virtual std::size_t max_concurrency() const noexcept { return 1; }
  /// RtwqSetLongRunning.
  virtual void set_long_running(bool) noexcept {}
};

/// The thread pool or, while the queue is long-running, a new thread for each turn.
class PoolExecutor final : public Executor {
 public:
  void execute(Work turn) override;
  std::size_t max_concurrency() const noexcept override;
  void set_long_running(bool enable) noexcept override { long_running_ = enable; }

 private:
  std::atomic<bool> long_running_{false};
};

/// A new thread for each turn, in a single-threaded apartment.
class LongFunctionExecutor final : public Executor {
 public:
  void execute(Work turn) override;
  std::size_t max_concurrency() const noexcept override { return kMaxThreads; }
};

class WorkQueue final : public std::enable_shared_from_this<WorkQueue> {
 public:
  enum class Order { serial, parallel };

  WorkQueue(Order order, std::shared_ptr<Executor> executor) noexcept;

  /// `priority` is -1, 0 or 1. Any thread.
  void put(LONG priority, Work item);

  void set_long_running(bool enable) noexcept { executor_->set_long_running(enable); }

 private:
  std::size_t max_turns() const noexcept;
  Work next();
  bool finish_turn();
  void request_turn();
  void take_turn();

  const Order order_;
  const std::shared_ptr<Executor> executor_;
  Lock lock_;
  std::array<std::deque<Work>, 3> items_;  // the highest priority first
  std::size_t turns_ = 0;
};

/// Runs turns on another queue: a serial queue runs on its target.
class QueueExecutor final : public Executor {
 public:
  explicit QueueExecutor(std::shared_ptr<WorkQueue> target) noexcept : target_(std::move(target)) {}
  void execute(Work turn) override { target_->put(0, std::move(turn)); }

 private:
  const std::shared_ptr<WorkQueue> target_;
};

}  // namespace stand_in
