// Runs on JavaScript threads.

#include "rtwq/queue_request.h"

namespace rtworkq {

Outcome QueueRequest::set_deadline(const ComPtr<WorkQueue>& queue, std::int64_t deadline,
                                   std::optional<std::int64_t> pre_deadline, QueueRequest& request) {
  HANDLE handle = nullptr;
  const Outcome outcome =
      pre_deadline
          ? Outcome{api().RtwqSetDeadline2(queue->id(), deadline, *pre_deadline, &handle), Function::RtwqSetDeadline2}
          : Outcome{api().RtwqSetDeadline(queue->id(), deadline, &handle), Function::RtwqSetDeadline};
  if (!outcome.failed()) request = QueueRequest(queue, Kind::deadline, handle);
  return outcome;
}

Outcome QueueRequest::join(const ComPtr<WorkQueue>& queue, HANDLE file, QueueRequest& request) {
  HANDLE cookie = nullptr;
  const Outcome outcome{api().RtwqJoinWorkQueue(queue->id(), file, &cookie), Function::RtwqJoinWorkQueue};
  if (!outcome.failed()) request = QueueRequest(queue, Kind::join, cookie);
  return outcome;
}

Outcome QueueRequest::take_back() noexcept {
  const ComPtr<WorkQueue> queue = std::move(queue_);
  if (!queue) return {};
  const HANDLE request = std::exchange(request_, nullptr);
  if (kind_ == Kind::deadline) return {api().RtwqCancelDeadline(request), Function::RtwqCancelDeadline};
  return {api().RtwqUnjoinWorkQueue(queue->id(), request), Function::RtwqUnjoinWorkQueue};
}

}  // namespace rtworkq
