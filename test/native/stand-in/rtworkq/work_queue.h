// One work queue: items that wait, in the order of their priorities, and an executor that has the threads.
//
// A queue asks its executor for a turn for each item, as long as it does not have as many under way as it may: one
// where items run in order. In a turn a thread runs one item, and asks for the next turn where items are left. The turn
// owns the queue, so that a queue nobody knows any more still runs what was put there, and then goes.

#pragma once

#include "common/lock.h"
#include "rtworkq/threads.h"

#include <windows.h>

#include <array>
#include <atomic>
#include <deque>
#include <memory>

namespace stand_in {

/// For what has threads of its own: as many stacks as a 32-bit process has room for, beside all else.
inline constexpr std::size_t kMaxThreads = 256;

/// Has the threads of a queue. Called on any thread.
class Executor {
 public:
  virtual ~Executor() = default;
  virtual void execute(Work turn) = 0;
  /// How many turns it runs at once, for a queue that does not keep items in order.
  virtual std::size_t max_concurrency() const noexcept { return 1; }
  /// RtwqSetLongRunning.
  virtual void set_long_running(bool) noexcept {}
};

/// The thread pool, or a thread for each turn while the queue is long-running.
class PoolExecutor final : public Executor {
 public:
  void execute(Work turn) override;
  std::size_t max_concurrency() const noexcept override;
  void set_long_running(bool enable) noexcept override { long_running_ = enable; }

 private:
  std::atomic<bool> long_running_{false};
};

/// A thread for each turn, in a single-threaded apartment.
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

/// Another queue: the view that a serial queue is.
class QueueExecutor final : public Executor {
 public:
  explicit QueueExecutor(std::shared_ptr<WorkQueue> target) noexcept : target_(std::move(target)) {}
  void execute(Work turn) override { target_->put(0, std::move(turn)); }

 private:
  const std::shared_ptr<WorkQueue> target_;
};

}  // namespace stand_in
