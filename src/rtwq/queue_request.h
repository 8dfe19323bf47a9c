// A request on a queue: a deadline or a joined file handle. It holds its queue, and its destructor takes the request
// back. JavaScript threads.

#pragma once

#include "rtwq/work_queue.h"

#include <cstdint>
#include <optional>
#include <utility>

namespace rtworkq {

class QueueRequest {
 public:
  QueueRequest() noexcept = default;
  QueueRequest(QueueRequest&& other) noexcept
      : queue_(std::move(other.queue_)), kind_(other.kind_), request_(std::exchange(other.request_, nullptr)) {}
  QueueRequest& operator=(QueueRequest&& other) noexcept {
    std::swap(queue_, other.queue_);
    std::swap(kind_, other.kind_);
    std::swap(request_, other.request_);
    return *this;
  }
  ~QueueRequest() { take_back(); }

  /// RtwqSetDeadline, or RtwqSetDeadline2 if there is a pre-deadline. Both in units of 100 ns from now.
  static Outcome set_deadline(const ComPtr<WorkQueue>& queue, std::int64_t deadline,
                              std::optional<std::int64_t> pre_deadline, QueueRequest& request);
  /// RtwqJoinWorkQueue.
  static Outcome join(const ComPtr<WorkQueue>& queue, HANDLE file, QueueRequest& request);

  /// RtwqCancelDeadline or RtwqUnjoinWorkQueue.
  Outcome take_back() noexcept;

 private:
  enum class Kind : std::uint8_t { deadline, join };

  QueueRequest(const ComPtr<WorkQueue>& queue, Kind kind, HANDLE request) noexcept
      : queue_(queue), kind_(kind), request_(request) {}

  ComPtr<WorkQueue> queue_;
  Kind kind_ = Kind::deadline;
  HANDLE request_ = nullptr;
};

}  // namespace rtworkq
