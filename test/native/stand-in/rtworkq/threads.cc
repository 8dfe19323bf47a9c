// run() is the thread function; it owns the work.

#include "rtworkq/threads.h"

#include <process.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>

namespace stand_in {
namespace {

// Smaller than the default: the address space of a 32-bit process is limited.
constexpr unsigned kStackBytes = 256 * 1024;

void run(void* context) noexcept {
  const std::unique_ptr<Work> work(static_cast<Work*>(context));
  (*work)();
}

void CALLBACK on_pool(PTP_CALLBACK_INSTANCE, void* context) { run(context); }

[[noreturn]] void end_without_thread(unsigned long error) noexcept {
  std::fprintf(stderr, "The stand-in could not create a thread (Win32 error %lu).\n", error);
  std::terminate();
}

unsigned __stdcall on_own_thread(void* context) {
  run(context);
  return 0;
}

}  // namespace

// A process that gets no more threads is out of memory too. Ending it here shows the reason; otherwise a queue would
// hang.

void run_on_pool(Work work) noexcept {
  if (!TrySubmitThreadpoolCallback(on_pool, new Work(std::move(work)), nullptr)) end_without_thread(GetLastError());
}

void run_on_own_thread(Work work) noexcept { start_thread(std::move(work), kStackBytes); }

UniqueHandle start_thread(Work work, unsigned stack_bytes) noexcept {
  auto* const context = new Work(std::move(work));
  const auto thread =
      _beginthreadex(nullptr, stack_bytes, on_own_thread, context, STACK_SIZE_PARAM_IS_A_RESERVATION, nullptr);
  if (thread == 0) end_without_thread(_doserrno);
  return UniqueHandle(reinterpret_cast<HANDLE>(thread));
}

}  // namespace stand_in
