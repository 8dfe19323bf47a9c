// What WaitForMultipleObjects does if it must wait for all and gets one object twice.

#include "answers.h"
#include "callbacks.h"
#include "rows.h"

#include <string>

namespace rtworkq::facts {
namespace {

std::string wait_for_all(HANDLE one, HANDLE other) {
  const HANDLE handles[]{one, other};
  const DWORD result = WaitForMultipleObjects(2, handles, TRUE, 50);
  switch (result) {
    case WAIT_OBJECT_0:
      return "ended";
    case WAIT_TIMEOUT:
      return "timed out";
    case WAIT_FAILED:
      return "failed with error " + std::to_string(GetLastError());
    default:
      return "returned " + std::to_string(result);
  }
}

}  // namespace

void wait_all_twice() {
  const HANDLE process = GetCurrentProcess();
  const UniqueHandle event = make_auto_reset_event();
  HANDLE duplicate = nullptr;
  DuplicateHandle(process, event.get(), process, &duplicate, 0, FALSE, DUPLICATE_SAME_ACCESS);
  const UniqueHandle owner(duplicate);
  say("the same handle twice", wait_for_all(event.get(), event.get()));
  say("two handles to one event", wait_for_all(event.get(), duplicate));
  SetEvent(event.get());
  say("two handles to one event, which is set", wait_for_all(event.get(), duplicate));
  const UniqueHandle semaphore(CreateSemaphoreW(nullptr, 2, 2, nullptr));
  say("one semaphore with a count of 2, twice", wait_for_all(semaphore.get(), semaphore.get()));
}

}  // namespace rtworkq::facts
