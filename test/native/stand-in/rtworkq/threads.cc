// run() is the thread function; it owns the work.

#include "rtworkq/threads.h"

#include <windows.h>

#include <cstdio>
#include <exception>
#include <memory>

namespace stand_in {
namespace {

// Smaller than the default: the address space of a 32-bit process is limited.
constexpr SIZE_T kStackBytes = 256 * 1024;

void run(void* context) noexcept {
  const std::unique_ptr<Work> work(static_cast<Work*>(context));
  (*work)();
}

void CALLBACK on_pool(PTP_CALLBACK_INSTANCE, void* context) { run(context); }

[[noreturn]] void end_without_thread() noexcept {
  std::fprintf(stderr, "The stand-in could not create a thread (Win32 error %lu).\n", GetLastError());
  std::terminate();
}

DWORD WINAPI on_own_thread(void* context) {
  run(context);
  return 0;
}

}  // namespace

// A process that gets no more threads is out of memory too. Ending it here shows the reason; otherwise a queue would
// hang.

void run_on_pool(Work work) noexcept {
  if (!TrySubmitThreadpoolCallback(on_pool, new Work(std::move(work)), nullptr)) end_without_thread();
}

void run_on_own_thread(Work work) noexcept {
  auto* const context = new Work(std::move(work));
  const HANDLE thread =
      CreateThread(nullptr, kStackBytes, on_own_thread, context, STACK_SIZE_PARAM_IS_A_RESERVATION, nullptr);
  if (!thread) end_without_thread();
  CloseHandle(thread);
}

}  // namespace stand_in
