// put() runs on any thread, take_turn() on the executor's threads. No other code is called while the lock is held.

#include "rtworkq/work_queue.h"

#include "rtworkq/apartment.h"

#include <algorithm>

namespace stand_in {
namespace {

// Windows grows its pool when callbacks block. This leaves enough of the process's 500 pool threads for other code.
constexpr std::size_t kMaxOnPool = 64;

}  // namespace

void PoolExecutor::execute(Work turn) {
  if (long_running_) {
    run_on_own_thread(std::move(turn));
  } else {
    run_on_pool(std::move(turn));
  }
}

std::size_t PoolExecutor::max_concurrency() const noexcept { return long_running_ ? kMaxThreads : kMaxOnPool; }

void LongFunctionExecutor::execute(Work turn) {
  run_on_own_thread([turn = std::move(turn)]() mutable {
    const SingleThreadedApartment apartment;
    turn();
    turn = nullptr;  // before leaving the apartment
  });
}

WorkQueue::WorkQueue(Order order, std::shared_ptr<Executor> executor) noexcept
    : order_(order), executor_(std::move(executor)) {}

std::size_t WorkQueue::max_turns() const noexcept { return order_ == Order::serial ? 1 : executor_->max_concurrency(); }

void WorkQueue::put(LONG priority, Work item) {
  {
    const Guard guard(lock_);
    items_[static_cast<std::size_t>(1 - priority)].push_back(std::move(item));
    if (turns_ >= max_turns()) return;
    ++turns_;
  }
  request_turn();
}

void WorkQueue::request_turn() {
  executor_->execute([self = shared_from_this()] { self->take_turn(); });
}

void WorkQueue::take_turn() {
  // Another turn may have taken the item.
  if (Work item = next()) {
    item();
    item = nullptr;  // release what it holds before the next item runs
  }
  if (!finish_turn()) request_turn();
}

Work WorkQueue::next() {
  const Guard guard(lock_);
  const auto waiting = std::find_if(items_.begin(), items_.end(), [](const auto& items) { return !items.empty(); });
  if (waiting == items_.end()) return nullptr;
  Work item = std::move(waiting->front());
  waiting->pop_front();
  return item;
}

/// Ends the turn, unless items are left.
bool WorkQueue::finish_turn() {
  const Guard guard(lock_);
  if (std::any_of(items_.begin(), items_.end(), [](const auto& items) { return !items.empty(); })) return false;
  --turns_;
  return true;
}

}  // namespace stand_in
