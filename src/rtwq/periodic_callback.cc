// tick runs on RTWorkQ's threads, the rest on the JavaScript thread that made the callback.

#include "rtwq/periodic_callback.h"

#include "rtwq/clock.h"

namespace rtworkq {

Outcome PeriodicCallback::add() noexcept {
  DWORD key = 0;
  const HRESULT result = api().RtwqAddPeriodicCallback(tick, static_cast<IUnknown*>(this), &key);
  if (SUCCEEDED(result)) key_ = key;
  return {result, Function::RtwqAddPeriodicCallback};
}

bool PeriodicCallback::stop(State to) noexcept {
  if (!leave_pending(to)) return false;
  // The outcome says nothing: the state has decided already.
  if (key_) api().RtwqRemovePeriodicCallback(*key_);
  let_go();
  return true;
}

Completion PeriodicCallback::completion() noexcept {
  // The count first: a tick between the two makes the time younger, not the count too small.
  const double count = ticks_.exchange(0);
  return {S_OK, fired_at_.load(), count};
}

void CALLBACK PeriodicCallback::tick(IUnknown* context) {
  auto& self = *static_cast<PeriodicCallback*>(context);
  if (!self.pending()) return;
  self.fired_at_.store(clock::now());
  // On the list already unless this is the first since the last completion.
  if (self.ticks_.fetch_add(1) == 0) self.report();
}

}  // namespace rtworkq
