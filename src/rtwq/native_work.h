// One start of another addon's native work. Retains the work's context and keeps its module loaded. Created on the
// JavaScript thread; destroyed on any thread, at the latest with the work item that owns it.

#pragma once

#include <windows.h>

#include <rtworkq_work.h>

#include <cstdint>

namespace rtworkq {

class NativeWork {
 public:
  explicit NativeWork(const rtworkq_work& work) noexcept : work_(work) {
    // Node unloads an addon when the last Worker that loaded it ends, while the queue may still run its code. If this
    // fails, the code is not in a module and cannot be unloaded.
    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, reinterpret_cast<const wchar_t*>(work_.run),
                            &module_)) {
      module_ = nullptr;
    }
    if (work_.retain) work_.retain(work_.context);
  }

  ~NativeWork() {
    if (work_.release) work_.release(work_.context);
    if (module_) FreeLibrary(module_);
  }

  NativeWork(const NativeWork&) = delete;
  NativeWork& operator=(const NativeWork&) = delete;

  /// Runs on a thread of the work queue.
  HRESULT run(HRESULT status, std::uint32_t index = 0) const noexcept {
    return work_.run(work_.context, status, index);
  }

 private:
  const rtworkq_work work_;
  HMODULE module_ = nullptr;
};

}  // namespace rtworkq
