// GetParameters and Invoke run on RTWorkQ's threads, on_signaled and Release on any thread; everything else runs on the
// JavaScript thread.

#include "rtwq/multiple_wait.h"

#include "rtwq/clock.h"

#include <utility>

namespace rtworkq {

/// The wait for one handle: the callback that RTWorkQ invokes.
class MultipleWait::Member final : public ComObject<IRtwqAsyncCallback> {
 public:
  Member(std::size_t index, DWORD queue, WaitTarget target) noexcept
      : index_(index), queue_id_(queue), target_(std::move(target)) {}

  /// Whether the handle is signaled now; if so, takes the signal.
  bool poll() const noexcept { return target_.poll(); }
  bool waiting() const noexcept { return state_.load() == State::waiting; }

  /// RtwqPutWaitingWorkItem.
  Outcome wait(ComPtr<MultipleWait> parent) noexcept {
    parent_ = std::move(parent);
    users_.fetch_add(1);
    ComPtr<IRtwqAsyncResult> result;
    const HRESULT created = api().RtwqCreateAsyncResult(nullptr, this, nullptr, result.put());
    if (FAILED(created)) return {created, Function::RtwqCreateAsyncResult};
    RTWQWORKITEM_KEY key = 0;
    const HRESULT put = api().RtwqPutWaitingWorkItem(target_.get(), 0, result.get(), &key);
    key_.store(key);
    return {put, Function::RtwqPutWaitingWorkItem};
  }

  /// Takes the signal for the parent. If the wait has been given up, restores the signal and returns false.
  bool take() noexcept {
    State expected = State::waiting;
    if (state_.compare_exchange_strong(expected, State::taken)) return true;
    target_.restore_signal();
    return false;
  }

  /// If the signal has been taken, restores it. Otherwise cancels the wait; take() restores a signal that still
  /// arrives.
  void give_up() noexcept {
    const State was = state_.exchange(State::given_up);
    if (was == State::taken) target_.restore_signal();
    const RTWQWORKITEM_KEY key = key_.load();
    if (was == State::waiting && key != 0) api().RtwqCancelWorkItem(key);
  }

  /// Called by the parent and by the callback when they no longer need the handle; the second call closes it. Wine
  /// leaks the items of serial queues, but this keeps it from leaking their handles.
  void release_handle() noexcept {
    if (users_.fetch_sub(1) == 1) target_ = {};
  }

  HRESULT STDMETHODCALLTYPE GetParameters(DWORD* flags, DWORD* queue) noexcept override {
    return answer_parameters(queue_id_, flags, queue);
  }

  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult* result) noexcept override {
    if (called_.exchange(true)) return S_OK;
    parent_->on_signaled(*this, result ? result->GetStatus() : S_OK);
    release_handle();
    parent_.reset();
    return S_OK;
  }

  std::size_t index() const noexcept { return index_; }

 private:
  enum class State : std::uint8_t { waiting, taken, given_up };

  ~Member() override = default;

  const std::size_t index_;
  const DWORD queue_id_;
  WaitTarget target_;
  // From before RTWorkQ knows the member until its callback returns, or the member is destroyed.
  ComPtr<MultipleWait> parent_;
  std::atomic<State> state_{State::waiting};
  std::atomic<RTWQWORKITEM_KEY> key_{0};
  std::atomic<int> users_{1};
  std::atomic<bool> called_{false};  // only the first callback counts
};

MultipleWait::MultipleWait(CompletionSink& sink, OperationId id, WorkQueue& queue, Until until,
                           std::vector<WaitTarget> targets)
    : RefCounted(sink, id, Holds::platform), until_(until), queue_(queue.hold()), remaining_(targets.size()) {
  members_.reserve(targets.size());
  for (WaitTarget& target : targets) members_.push_back(make<Member>(members_.size(), queue.id(), std::move(target)));
}

MultipleWait::~MultipleWait() = default;

Outcome MultipleWait::begin(bool poll_only) noexcept {
  for (const auto& member : members_) {
    if (member->poll()) on_signaled(*member, S_OK);
    if (!pending()) return {};
  }
  if (poll_only) return {};
  for (const auto& member : members_) {
    if (!member->waiting()) continue;
    if (const Outcome put = member->wait(ComPtr<MultipleWait>::share(*this)); put.failed()) return put;
    // The wait is already settled: end() would only cancel further waits.
    if (!pending()) return {};
  }
  return {};
}

void MultipleWait::on_signaled(Member& member, HRESULT status) noexcept {
  if (SUCCEEDED(status) && !member.take()) return;
  const bool settles = FAILED(status) || until_ == Until::any || remaining_.fetch_sub(1) == 1;
  if (!settles) return;
  const std::int64_t now = clock::now();
  if (leave_pending(State::fired)) {
    status_ = status;
    fired_at_ = now;
    index_ = member.index();
    report();
  } else if (SUCCEEDED(status)) {
    member.give_up();
  }
}

bool MultipleWait::stop(State to) noexcept {
  if (!leave_pending(to)) return false;
  end(false);
  return true;
}

void MultipleWait::delivered(bool received) noexcept { end(received && SUCCEEDED(status_)); }

void MultipleWait::end(bool keep) noexcept {
  for (const auto& member : members_) {
    const bool kept = keep && (until_ == Until::all || member->index() == index_);
    if (!kept) member->give_up();
    member->release_handle();
  }
  members_.clear();
}

}  // namespace rtworkq
