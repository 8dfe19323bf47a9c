// tick runs on RTWorkQ's threads; everything else runs on the JavaScript thread that made the callback.

#include "rtwq/periodic_callback.h"

#include "base/clock.h"

namespace rtworkq {

Outcome PeriodicCallback::add() noexcept {
  DWORD key = 0;
  const HRESULT result = api().RtwqAddPeriodicCallback(tick, static_cast<IUnknown*>(this), &key);
  if (SUCCEEDED(result)) key_ = key;
  return {result, Function::RtwqAddPeriodicCallback};
}

bool PeriodicCallback::stop(State to) noexcept {
  if (!leave_pending(to)) return false;
  // If this fails, ticks go on, and do nothing.
  if (key_) Failure::report(sink(), {api().RtwqRemovePeriodicCallback(*key_), Function::RtwqRemovePeriodicCallback});
  release_hold();
  return true;
}

Completion PeriodicCallback::completion() noexcept {
  // Read the count first. A tick in between then only makes the time newer; it is not lost from the count.
  const double count = ticks_.exchange(0);
  return {S_OK, fired_at_.load(), count};
}

void CALLBACK PeriodicCallback::tick(IUnknown* context) {
  auto& self = *static_cast<PeriodicCallback*>(context);
  if (!self.pending()) return;
  self.fired_at_.store(clock::now());
  // Unless this is the first tick since the last completion, the operation is already on the list.
  if (self.ticks_.fetch_add(1) == 0) self.report();
}

}  // namespace rtworkq
