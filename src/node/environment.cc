// Runs on the JavaScript thread that opened the environment, all of it.

#include "node/environment.h"

#include "node/outcome.h"
#include "rtwq/clock.h"

#include <utility>

namespace rtworkq {
namespace {

constexpr std::uint32_t kValuesPerCompletion = 3;

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
      key_reference_(Napi::Persistent(hooks.key)),
      batch_(hooks.batch.Data()),
      batch_capacity_(static_cast<std::uint32_t>(hooks.batch.ElementLength()) / kValuesPerCompletion),
      key_(hooks.key.Data()),
      channel_(make<CompletionChannel>(static_cast<CompletionChannel::Listener&>(*this))) {
  if (channel_->open(env) != napi_ok) throw Napi::Error::New(env, "The thread-safe function could not be made.");
}

Environment::~Environment() { close(); }

void Environment::close() {
  channel_->close_gate();
  for (Slot& slot : slots_) {
    if (slot.item) slot.item->stop(WorkItem::State::closed);
  }
  slots_.clear();
  channel_->close();
  if (leased_) Platform::instance().abandon(channel_->outstanding() > 0);
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

template <class Start>
Outcome Environment::begin(std::uint32_t index, DWORD queue, bool ref, Start start) {
  if (const Outcome outcome = acquire(); outcome.failed()) return outcome;
  if (index >= slots_.size()) slots_.resize(index + std::size_t{1});
  // In its slot before RTWorkQ knows of it: the callback may run before the call returns.
  Slot& slot = slots_[index];
  slot.item = make<WorkItem>(*channel_, index, queue);
  const Outcome outcome = start(*slot.item);
  key_[0] = static_cast<std::uint32_t>(slot.item->key());
  key_[1] = static_cast<std::uint32_t>(slot.item->key() >> 32);
  // A refused item that fired all the same is in the channel and settles like any other.
  if (outcome.failed() && slot.item->stop(WorkItem::State::closed)) {
    slot.item.reset();
    return outcome;
  }
  slot.ref = ref;
  if (ref) count_ref(+1);
  return {};
}

Outcome Environment::schedule(std::uint32_t slot, std::int64_t milliseconds, DWORD queue, bool ref) {
  return begin(slot, queue, ref, [&](WorkItem& item) { return item.schedule(milliseconds); });
}

Outcome Environment::put(std::uint32_t slot, DWORD queue, LONG priority, bool ref) {
  return begin(slot, queue, ref, [&](WorkItem& item) { return item.put(priority); });
}

Environment::Slot* Environment::occupied(std::uint32_t slot) {
  return slot < slots_.size() && slots_[slot].item ? &slots_[slot] : nullptr;
}

bool Environment::stop(std::uint32_t index, WorkItem::State to) {
  Slot* slot = occupied(index);
  if (!slot || !slot->item->stop(to)) return false;
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
  slot.item.reset();
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

void Environment::deliver(WorkItem* items) {
  while (items) {
    std::uint32_t count = 0;
    for (double* completion = batch_; items && count < batch_capacity_; ++count, completion += kValuesPerCompletion) {
      WorkItem& item = *std::exchange(items, items->next);
      completion[0] = item.slot();
      completion[1] = static_cast<std::uint32_t>(item.status());
      completion[2] = clock::to_milliseconds(item.fired_at());
      vacate(slots_[item.slot()]);
    }
    call(settle_, count);
  }
}

}  // namespace rtworkq
