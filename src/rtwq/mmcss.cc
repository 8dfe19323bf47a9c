// Invoke and GetParameters run on RTWorkQ's threads; everything else runs on JavaScript threads.

#include "rtwq/mmcss.h"

#include "base/clock.h"

#include <avrt.h>

#include <array>
#include <cstddef>
#include <cwchar>

namespace rtworkq {
namespace {

/// avrt.dll, which some editions of Windows lack. Loaded on first use, never freed.
struct Avrt {
  decltype(&::AvSetMmThreadCharacteristicsW) set = nullptr;
  decltype(&::AvSetMmThreadPriority) set_priority = nullptr;
  decltype(&::AvRevertMmThreadCharacteristics) revert = nullptr;
  DWORD error = ERROR_SUCCESS;

  Avrt() {
    const HMODULE module = LoadLibraryExW(L"avrt.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (module) {
      set = resolve<decltype(set)>(module, "AvSetMmThreadCharacteristicsW");
      set_priority = resolve<decltype(set_priority)>(module, "AvSetMmThreadPriority");
      revert = resolve<decltype(revert)>(module, "AvRevertMmThreadCharacteristics");
    }
    if (!set || !set_priority || !revert) error = GetLastError();
  }
};

const Avrt& avrt() {
  static const Avrt loaded;
  return loaded;
}

}  // namespace

Outcome MmcssChange::begin_register(const wchar_t* usage_class, DWORD task, LONG priority) noexcept {
  registers_ = true;
  return {api().RtwqBeginRegisterWorkQueueWithMMCSS(queue_->id(), usage_class, task, priority, this, nullptr),
          Function::RtwqBeginRegisterWorkQueueWithMMCSS};
}

Outcome MmcssChange::begin_unregister() noexcept {
  return {api().RtwqBeginUnregisterWorkQueueWithMMCSS(queue_->id(), this, nullptr),
          Function::RtwqBeginUnregisterWorkQueueWithMMCSS};
}

HRESULT MmcssChange::GetParameters(DWORD* flags, DWORD* queue) noexcept {
  return answer_parameters(kStandardQueue, flags, queue);
}

HRESULT MmcssChange::Invoke(IRtwqAsyncResult* result) noexcept {
  if (called_.exchange(true)) return S_OK;
  // RTWorkQ expects an End for every Begin, even if the operation has been stopped.
  DWORD task = 0;
  const HRESULT status = registers_ ? api().RtwqEndRegisterWorkQueueWithMMCSS(result, &task)
                                    : api().RtwqEndUnregisterWorkQueueWithMMCSS(result);
  if (leave_pending(State::fired)) {
    status_ = status;
    task_ = task;
    fired_at_ = clock::now();
    report();
  }
  queue_.reset();
  release_hold();
  return S_OK;
}

Outcome mmcss_registration(DWORD queue, MmcssRegistration& registration) {
  DWORD length = 0;
  HRESULT result = api().RtwqGetWorkQueueMMCSSClass(queue, nullptr, &length);
  // Another thread may register the queue between the two calls, with a longer name.
  for (int attempt = 0; attempt < 4 && (SUCCEEDED(result) || result == RTWQ_E_BUFFERTOOSMALL); ++attempt) {
    registration.usage_class.assign(length + std::size_t{1}, L'\0');
    length = static_cast<DWORD>(registration.usage_class.size());
    result = api().RtwqGetWorkQueueMMCSSClass(queue, registration.usage_class.data(), &length);
    if (SUCCEEDED(result)) break;
  }
  if (FAILED(result)) return {result, Function::RtwqGetWorkQueueMMCSSClass};
  registration.usage_class.resize(std::wcslen(registration.usage_class.c_str()));
  // For a queue without a class, the next two functions fail with E_FAIL.
  if (registration.usage_class.empty()) return {};
  result = api().RtwqGetWorkQueueMMCSSTaskId(queue, &registration.task);
  if (FAILED(result)) return {result, Function::RtwqGetWorkQueueMMCSSTaskId};
  return {api().RtwqGetWorkQueueMMCSSPriority(queue, &registration.priority), Function::RtwqGetWorkQueueMMCSSPriority};
}

std::vector<std::wstring> mmcss_classes() {
  std::vector<std::wstring> names;
  HKEY key = nullptr;
  // Windows itself uses the 64-bit view. 32-bit Windows has just one view and ignores the flag.
  constexpr REGSAM access = KEY_ENUMERATE_SUB_KEYS | KEY_WOW64_64KEY;
  constexpr auto path = L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Multimedia\\SystemProfile\\Tasks";
  if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, access, &key) != ERROR_SUCCESS) return names;
  std::array<wchar_t, 256> name;  // a key's name has at most 255 characters
  for (DWORD index = 0;; ++index) {
    auto length = static_cast<DWORD>(name.size());
    const LSTATUS status = RegEnumKeyExW(key, index, name.data(), &length, nullptr, nullptr, nullptr, nullptr);
    if (status != ERROR_SUCCESS) break;
    names.emplace_back(name.data(), length);
  }
  RegCloseKey(key);
  return names;
}

Outcome ThreadTask::make(const wchar_t* usage_class, DWORD& task, LONG priority, ThreadTask& made) {
  const Avrt& dll = avrt();
  if (dll.error != ERROR_SUCCESS) {
    return {HRESULT_FROM_WIN32(dll.error), Function::AvSetMmThreadCharacteristicsW};
  }
  ThreadTask thread;
  thread.handle_ = dll.set(usage_class, &task);
  if (!thread.handle_) return Outcome::last_error(Function::AvSetMmThreadCharacteristicsW);
  if (!dll.set_priority(thread.handle_, static_cast<AVRT_PRIORITY>(priority))) {
    return Outcome::last_error(Function::AvSetMmThreadPriority);
  }
  made = std::move(thread);
  return {};
}

Outcome ThreadTask::unregister() noexcept {
  const HANDLE handle = std::exchange(handle_, nullptr);
  if (!handle || avrt().revert(handle)) return {};
  return Outcome::last_error(Function::AvRevertMmThreadCharacteristics);
}

Outcome PlatformTask::register_as(const wchar_t* usage_class, DWORD& task, LONG priority) noexcept {
  const HRESULT result = api().RtwqRegisterPlatformWithMMCSS(usage_class, &task, priority);
  if (SUCCEEDED(result)) registered_ = true;
  return {result, Function::RtwqRegisterPlatformWithMMCSS};
}

Outcome PlatformTask::unregister() noexcept {
  if (!std::exchange(registered_, false)) return {};
  return {api().RtwqUnregisterPlatformFromMMCSS(), Function::RtwqUnregisterPlatformFromMMCSS};
}

}  // namespace rtworkq
