// Everything here runs on the JavaScript thread that opened the environment.

#include "node/environment.h"

#include "base/clock.h"
#include "node/outcome.h"

#include <utility>

namespace rtworkq {
namespace {

constexpr std::uint32_t kValuesPerCompletion = 4;

// The waiter's threads answer within microseconds; only a debugger can hold one longer than this.
constexpr DWORD kMaxAnswerWaitMs = 5'000;

}  // namespace

double Environment::now() { return clock::to_milliseconds(clock::now()); }

Environment& Environment::open(Napi::Env env, Hooks hooks) {
  auto* environment = new Environment(env, hooks);
  // Hooks run last in, first out. This one is added after the thread-safe function's, so it runs before that one.
  const auto end = [](void* data) { delete static_cast<Environment*>(data); };
  if (napi_add_env_cleanup_hook(env, end, environment) != napi_ok) {
    delete environment;
    throw Napi::Error::New(env, "rtworkq could not add its clean-up hook.");
  }
  return *environment;
}

Environment::Environment(Napi::Env env, Hooks hooks)
    : env_(env),
      hooks_(Napi::Weak(hooks.object)),
      settle_(Napi::Weak(hooks.settle)),
      put_off_(Napi::Weak(hooks.put_off)),
      batch_(hooks.batch.Data()),
      batch_capacity_(static_cast<std::uint32_t>(hooks.batch.ElementLength()) / kValuesPerCompletion),
      out_(hooks.out.Data()),
      channel_(make<CompletionChannel>(static_cast<CompletionChannel::Listener&>(*this))) {
  // For tools that look for open handles. The function keeps it for as long as the thread lives.
  auto resource = Napi::Object::New(env);
  resource["hasRef"] = Napi::Function::New<&Environment::has_ref>(env, "hasRef", this);
  if (channel_->open(env, resource) != napi_ok)
    throw Napi::Error::New(env, "rtworkq could not create its thread-safe function.");
  for (const DWORD id : {kStandardQueue, kMultithreadedQueue, kLongFunctionQueue}) queues.add(WorkQueue::system(id));
}

Environment::~Environment() { close(); }

void Environment::close() {
  channel_->close_gate();
  for (Slot& slot : slots_) {
    if (slot.operation) slot.operation->stop(Operation::State::closed);
  }
  slots_.clear();
  answers_->await_all(kMaxAnswerWaitMs);
  spare_work_items.clear();
  thread_tasks.clear();
  timers_tasks.clear();
  timer_resolutions.clear();
  platform_task.unregister();
  queue_requests.clear();
  queues.clear();
  handles.clear();
  channel_->close();
  platform_locks.clear();
  if (leased_) channel_->inherit_lease();
}

Napi::Value Environment::has_ref(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), static_cast<Environment*>(info.Data())->refs_ > 0);
}

Outcome Environment::acquire() {
  if (leased_) return {};
  const Outcome outcome = Platform::instance().acquire();
  leased_ = !outcome.failed();
  return outcome;
}

Outcome Environment::release() {
  if (!std::exchange(leased_, false)) return {};
  spare_work_items.clear();
  // Slots whose items have fired but are not delivered yet keep the result for reuse. No result may outlive the
  // platform.
  for (Slot& slot : slots_) slot.result.reset();
  return Platform::instance().release();
}

Environment::Slot& Environment::claim(ComPtr<Operation> operation) {
  const auto index = static_cast<std::size_t>(operation->id() % kSlots);
  if (index >= slots_.size()) slots_.resize(index + 1);
  slots_[index].operation = std::move(operation);
  count_active(+1);
  return slots_[index];
}

Environment::Slot* Environment::find(OperationId id) {
  const auto index = static_cast<std::size_t>(id % kSlots);
  if (index >= slots_.size()) return nullptr;
  Slot& slot = slots_[index];
  return slot.operation && slot.operation->id() == id ? &slot : nullptr;
}

bool Environment::stop(OperationId id, Operation::State to) {
  Slot* slot = find(id);
  if (!slot || !slot->operation->stop(to)) return false;
  vacate(*slot);
  return true;
}

Operation* Environment::operation(OperationId id) {
  Slot* slot = find(id);
  return slot ? slot->operation.get() : nullptr;
}

void Environment::set_ref(OperationId id, bool ref) {
  Slot* slot = find(id);
  if (!slot || slot->ref == ref) return;
  slot->ref = ref;
  count_ref(ref ? +1 : -1);
}

void Environment::set_resting(OperationId id, bool resting) {
  Slot* slot = find(id);
  if (!slot || slot->resting == resting) return;
  slot->resting = resting;
  count_active(resting ? -1 : +1);
}

void Environment::vacate(Slot& slot) {
  if (std::exchange(slot.ref, false)) count_ref(-1);
  if (!std::exchange(slot.resting, false)) count_active(-1);
  slot.result.reset();
  slot.operation.reset();
}

void Environment::reuse(Slot& slot) {
  auto* const item = static_cast<WorkItem*>(slot.operation.get());
  // If the callback has not returned yet, the item cannot be reused.
  if (!item->returned()) return;
  static_cast<void>(slot.operation.detach());
  spare_work_items.add({ComPtr<WorkItem>::adopt(item), std::move(slot.result)});
}

void Environment::count_ref(int change) {
  const bool was_alive = refs_ > 0;
  refs_ += change;
  const bool alive = refs_ > 0;
  if (alive != was_alive) channel_->keep_loop_alive(env_, alive);
}

void Environment::count_active(int change) {
  active_ += change;
  hold_javascript();
}

void Environment::hold_javascript() noexcept {
  const bool hold = active_ > 0;
  if (hold == holds_javascript_ || delivering_) return;
  holds_javascript_ = hold;
  std::uint32_t count = 0;
  if (hold) {
    napi_reference_ref(env_, hooks_, &count);
  } else {
    napi_reference_unref(env_, hooks_, &count);
  }
}

bool Environment::javascript_exists() const noexcept {
  napi_value object = nullptr;
  return napi_get_reference_value(env_, hooks_, &object) == napi_ok && object;
}

// Uses Node-API directly: the caller is a C callback, which no C++ exception may leave.
bool Environment::call(const Napi::FunctionReference& hook, std::size_t count, const napi_value* values) noexcept {
  napi_value receiver = nullptr;
  napi_value callee = nullptr;
  napi_get_undefined(env_, &receiver);
  napi_get_reference_value(env_, hook, &callee);
  // Fails only if the thread is being terminated.
  return napi_call_function(env_, receiver, callee, count, values, nullptr) == napi_ok;
}

bool Environment::settle(std::uint32_t count) noexcept {
  napi_value argument = nullptr;
  napi_create_uint32(env_, count, &argument);
  return call(settle_, 1, &argument);
}

void Environment::end_waits() noexcept {
  // Only waits can give back signals. Ending anything else is not called for.
  for (Slot& slot : slots_) {
    if (slot.operation && slot.operation->gives_back()) slot.operation->stop(Operation::State::closed);
  }
  if (!answers_->await_all(kMaxAnswerWaitMs)) return;
  for (Slot& slot : slots_) {
    if (slot.operation) slot.operation->give_back();
  }
}

// Delivers at most one signal: the code that awaits it then runs before the next one counts as received. So a program
// that exits there has received exactly the signals that it has seen.
bool Environment::on_fired(Operation*& operations) {
  bool more_may_come = false;
  ComPtr<Operation> signal_holder;
  // What is left is of operations that rest, or were stopped.
  if (!javascript_exists()) {
    while (operations) ComPtr<Operation>::adopt(std::exchange(operations, operations->next))->delivered(false);
    return false;
  }
  delivering_ = true;
  while (operations && !signal_holder) {
    std::uint32_t count = 0;
    for (double* completion = batch_; operations && count < batch_capacity_ && !signal_holder;) {
      // Takes over the list's reference.
      auto operation = ComPtr<Operation>::adopt(std::exchange(operations, operations->next));
      Completion reported = operation->completion();
      const bool is_failure = operation->id() == Failure::kId;
      Slot* slot = find(operation->id());
      // A repeating operation may have been stopped after it was put on the list. Its slot, and even its id, may belong
      // to another operation by now.
      if (!is_failure && (!slot || slot->operation.get() != operation.get())) continue;
      completion[0] = static_cast<double>(static_cast<std::int64_t>(operation->id()));
      completion[1] = static_cast<std::uint32_t>(reported.status);
      completion[2] = clock::to_milliseconds(reported.fired_at);
      completion[3] = reported.results ? results.add(std::move(reported.results)) : reported.value;
      completion += kValuesPerCompletion;
      ++count;
      if (is_failure) continue;
      if (slot->result) {
        more_may_come = true;
        reuse(*slot);
      }
      if (!operation->repeats()) vacate(*slot);
      if (operation->holds_signal()) signal_holder = std::move(operation);
    }
    const bool received = count == 0 || settle(count);
    const bool refused = std::exchange(refused_, false);
    if (signal_holder) signal_holder->delivered(received && !refused);
  }
  delivering_ = false;
  hold_javascript();
  return more_may_come;
}

}  // namespace rtworkq
