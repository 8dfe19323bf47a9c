// open() and duplicate() run on JavaScript threads, everything else on any thread.

#include "handles/wait_target.h"

namespace rtworkq {
namespace {

/// Null, INVALID_HANDLE_VALUE and the other pseudo-handles of the current process and thread.
bool is_pseudo_handle(HANDLE handle) {
  const auto value = reinterpret_cast<INT_PTR>(handle);
  return value <= 0 && value >= -6;
}

}  // namespace

Outcome WaitTarget::duplicate(HANDLE handle, object::Kind kind, Function function, WaitTarget& target) {
  HANDLE duplicate = nullptr;
  const HANDLE self = GetCurrentProcess();
  if (!DuplicateHandle(self, handle, self, &duplicate, 0, FALSE, DUPLICATE_SAME_ACCESS)) {
    return Outcome::last_error(function);
  }
  target.handle_ = UniqueHandle(duplicate);
  target.kind_ = kind;
  return {};
}

Outcome WaitTarget::open(HANDLE handle, Function function, WaitTarget& target) {
  if (is_pseudo_handle(handle)) return {E_HANDLE, function};
  if (const Outcome made = duplicate(handle, object::Kind::unknown, function, target); made.failed()) return made;
  if (!object::may_wait(target.get())) return {E_ACCESSDENIED, function};
  target.kind_ = object::kind_of(target.get());
  if (target.kind_ == object::Kind::mutex) return {HRESULT_FROM_WIN32(ERROR_NOT_SUPPORTED), function};
  // A wait takes nothing from other kinds of objects, so try one.
  if (target.kind_ == object::Kind::other && WaitForSingleObject(target.get(), 0) == WAIT_FAILED) {
    return Outcome::last_error(function);
  }
  return {};
}

void WaitTarget::restore_signal() const noexcept {
  if (kind_ == object::Kind::event) SetEvent(handle_.get());
  if (kind_ == object::Kind::semaphore) ReleaseSemaphore(handle_.get(), 1, nullptr);
}

}  // namespace rtworkq
