// note runs on any thread; everything else runs on the JavaScript thread that listens.

#include "rtwq/platform_events.h"

#include "base/clock.h"
#include "rtwq/platform.h"

namespace rtworkq {
namespace {

// As many bits as a double holds exactly: 26 events. To miss one, JavaScript would have to be busy for nine restarts.
constexpr std::uint64_t kEventMask = (std::uint64_t{1} << 52) - 1;

}  // namespace

Outcome PlatformEvents::add() noexcept {
  // The platform may not have been started yet, so the module may not be pinned.
  if (!pin_this_module()) return Outcome::last_error(Function::RtwqRegisterPlatformEvents);
  return {api().RtwqRegisterPlatformEvents(this), Function::RtwqRegisterPlatformEvents};
}

bool PlatformEvents::stop(State to) noexcept {
  if (!leave_pending(to)) return false;
  Failure::report(sink(), {api().RtwqUnregisterPlatformEvents(this), Function::RtwqUnregisterPlatformEvents});
  return true;
}

Completion PlatformEvents::completion() noexcept {
  const auto events = static_cast<double>(events_.exchange(0));
  return {S_OK, fired_at_.load(), events};
}

HRESULT PlatformEvents::note(std::uint64_t event) noexcept {
  if (!pending()) return S_OK;
  fired_at_.store(clock::now());
  std::uint64_t before = events_.load();
  while (!events_.compare_exchange_weak(before, (before << 2 | event) & kEventMask)) {
  }
  if (before == 0) report();
  return S_OK;
}

}  // namespace rtworkq
