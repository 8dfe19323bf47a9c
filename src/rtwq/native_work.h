// One start of another addon's native work: its context is retained and its module kept loaded, from the start on the
// JavaScript thread until the work item that owns this is destroyed, on any thread.

#pragma once

#include <windows.h>

#include <rtworkq_work.h>

#include <cstdint>

namespace rtworkq {

class NativeWork {
 public:
  explicit NativeWork(const rtworkq_work& work) noexcept : work_(work) {
    // Node unloads an addon when the last Worker that had loaded it ends; the queue may be in its code then. Code that
    // belongs to no module cannot go either.
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

  /// On a thread of the work queue.
  HRESULT run(HRESULT status, std::uint32_t index = 0) const noexcept {
    return work_.run(work_.context, status, index);
  }

 private:
  const rtworkq_work work_;
  HMODULE module_ = nullptr;
};

}  // namespace rtworkq
