// What happens to a mutex when the thread that owns it ends.

#include "answers.h"
#include "callbacks.h"
#include "rows.h"

#include <string>
#include <thread>

namespace rtworkq::facts {
namespace {

constexpr DWORD kLimitMs = 5'000;

std::string describe(DWORD result) {
  switch (result) {
    case WAIT_OBJECT_0:
      return "WAIT_OBJECT_0";
    case WAIT_ABANDONED:
      return "WAIT_ABANDONED";
    case WAIT_TIMEOUT:
      return "WAIT_TIMEOUT";
    case WAIT_FAILED:
      return "WAIT_FAILED";
    default:
      return std::to_string(result);
  }
}

/// Starts a thread that takes the mutex and ends.
void abandon(HANDLE mutex) {
  std::thread([mutex] { WaitForSingleObject(mutex, kLimitMs); }).join();
}

}  // namespace

void abandoned_mutex() {
  const UniqueHandle mutex(CreateMutexW(nullptr, FALSE, nullptr));
  abandon(mutex.get());
  say("the next wait", describe(WaitForSingleObject(mutex.get(), kLimitMs)));
  say("another wait on the thread that owns it", describe(WaitForSingleObject(mutex.get(), 0)));
  ReleaseMutex(mutex.get());
  ReleaseMutex(mutex.get());
  say("released and taken again", describe(WaitForSingleObject(mutex.get(), 0)));
  ReleaseMutex(mutex.get());
  abandon(mutex.get());
  const UniqueHandle event = make_auto_reset_event();
  const HANDLE handles[]{event.get(), mutex.get()};
  const DWORD any = WaitForMultipleObjects(2, handles, FALSE, kLimitMs);
  say("as the second of two handles", any == WAIT_ABANDONED_0 + 1 ? "WAIT_ABANDONED_0 + 1" : describe(any));
}

}  // namespace rtworkq::facts
