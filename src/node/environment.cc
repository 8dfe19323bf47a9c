// Runs on the JavaScript thread that opened the environment, all of it.

#include "node/environment.h"

#include "node/outcome.h"
#include "rtwq/clock.h"

#include <utility>

namespace rtworkq {
namespace {

constexpr std::uint32_t kValuesPerCompletion = 4;

}  // namespace

double Environment::now() { return clock::to_milliseconds(clock::now()); }

Environment& Environment::open(Napi::Env env, Hooks hooks) {
  auto* environment = new Environment(env, hooks);
  // After the thread-safe function, whose own clean-up hook therefore runs after this one.
  const auto end = [](void* data) { delete static_cast<Environment*>(data); };
  if (napi_add_env_cleanup_hook(env, end, environment) != napi_ok) {
    delete environment;
    throw Napi::Error::New(env, "The clean-up hook could not be added.");
  }
  return *environment;
}

Environment::Environment(Napi::Env env, Hooks hooks)
    : env_(env),
      settle_(Napi::Persistent(hooks.settle)),
      released_(Napi::Persistent(hooks.released)),
      batch_reference_(Napi::Persistent(hooks.batch)),
      out_reference_(Napi::Persistent(hooks.out)),
      batch_(hooks.batch.Data()),
      batch_capacity_(static_cast<std::uint32_t>(hooks.batch.ElementLength()) / kValuesPerCompletion),
      out_(hooks.out.Data()),
      channel_(make<CompletionChannel>(static_cast<CompletionChannel::Listener&>(*this))) {
  if (channel_->open(env) != napi_ok) throw Napi::Error::New(env, "The thread-safe function could not be made.");
  for (const DWORD id : {kStandardQueue, kMultithreadedQueue, kLongFunctionQueue}) queues.add(WorkQueue::system(id));
}

Environment::~Environment() { close(); }

void Environment::close() {
  channel_->close_gate();
  for (Slot& slot : slots_) {
    if (slot.operation) slot.operation->stop(Operation::State::closed);
  }
  slots_.clear();
  thread_tasks.clear();
  queue_requests.clear();
  queues.clear();
  handles.clear();
  channel_->close();
  while (platform_locks_ > 0) unlock_platform();
  if (leased_) channel_->inherit_lease();
}

void Environment::forget_give_back() {
  if (!std::exchange(giving_back_, false)) return;
  channel_->wake_when_idle(false);
  if (std::exchange(giving_back_ref_, false)) count_ref(-1);
}

Outcome Environment::acquire() {
  forget_give_back();
  if (leased_) return {};
  const Outcome outcome = Platform::instance().acquire();
  leased_ = !outcome.failed();
  return outcome;
}

bool Environment::give_back(bool keep_alive, Outcome& outcome) {
  if (!leased_) return true;
  giving_back_ = true;
  channel_->wake_when_idle(true);
  // Looked at after the wish was made known: an item that goes between the two does not go unnoticed.
  if (channel_->outstanding() == 0) {
    outcome = release_lease();
    return true;
  }
  if (keep_alive && !std::exchange(giving_back_ref_, true)) count_ref(+1);
  return false;
}

Outcome Environment::release_lease() {
  // First of all: a wake-up that is under way must not release a second time.
  forget_give_back();
  leased_ = false;
  return Platform::instance().release();
}

Outcome Environment::lock_platform() {
  const Outcome outcome{api().RtwqLockPlatform(), Function::RtwqLockPlatform};
  if (!outcome.failed()) ++platform_locks_;
  return outcome;
}

Outcome Environment::unlock_platform() {
  --platform_locks_;
  return {api().RtwqUnlockPlatform(), Function::RtwqUnlockPlatform};
}

void Environment::claim(ComPtr<Operation> operation) {
  const std::size_t index = operation->slot();
  if (index >= slots_.size()) slots_.resize(index + 1);
  slots_[index].operation = std::move(operation);
}

Environment::Slot* Environment::occupied(std::uint32_t slot) {
  return slot < slots_.size() && slots_[slot].operation ? &slots_[slot] : nullptr;
}

bool Environment::stop(std::uint32_t index, Operation::State to) {
  Slot* slot = occupied(index);
  if (!slot || !slot->operation->stop(to)) return false;
  vacate(*slot);
  return true;
}

void Environment::set_ref(std::uint32_t index, bool ref) {
  Slot* slot = occupied(index);
  if (!slot || slot->ref == ref) return;
  slot->ref = ref;
  count_ref(ref ? +1 : -1);
}

void Environment::vacate(Slot& slot) {
  if (std::exchange(slot.ref, false)) count_ref(-1);
  slot.operation.reset();
}

void Environment::count_ref(int change) {
  const bool was_alive = refs_ > 0;
  refs_ += change;
  const bool alive = refs_ > 0;
  if (alive != was_alive) channel_->keep_loop_alive(env_, alive);
}

void Environment::on_wake() {
  deliver(channel_->take());
  if (!giving_back_ || channel_->outstanding() > 0) return;
  call(released_, encode(release_lease()));
}

// Straight to Node-API: a C callback calls this, which no C++ exception may leave. Neither function throws.
void Environment::call(const Napi::FunctionReference& function, double argument) noexcept {
  napi_value receiver = nullptr;
  napi_value value = nullptr;
  napi_value callee = nullptr;
  napi_get_undefined(env_, &receiver);
  napi_create_double(env_, argument, &value);
  napi_get_reference_value(env_, function, &callee);
  // Fails only where the thread is being terminated.
  napi_call_function(env_, receiver, callee, 1, &value, nullptr);
}

void Environment::deliver(Operation* operations) {
  while (operations) {
    std::uint32_t count = 0;
    for (double* completion = batch_; operations && count < batch_capacity_;) {
      // The list's reference.
      const auto operation = ComPtr<Operation>::adopt(std::exchange(operations, operations->next));
      const Completion told = operation->completion();
      Slot& slot = slots_[operation->slot()];
      // One that repeats may have been stopped since it was put on the list, and its slot be another's.
      if (slot.operation.get() != operation.get()) continue;
      completion[0] = operation->slot();
      completion[1] = static_cast<std::uint32_t>(told.status);
      completion[2] = clock::to_milliseconds(told.fired_at);
      completion[3] = told.value;
      completion += kValuesPerCompletion;
      ++count;
      if (!operation->repeats()) vacate(slot);
    }
    if (count > 0) call(settle_, count);
  }
}

}  // namespace rtworkq
