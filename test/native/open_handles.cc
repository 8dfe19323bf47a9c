// JavaScript threads. Only abandon() runs on a thread of its own.

#include "open_handles.h"

#include "base/handle.h"
#include "base/module.h"

#include <windows.h>

#include <sddl.h>
#include <tlhelp32.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace {

HANDLE handle_of(const Napi::Value& value) {
  bool lossless = false;
  return reinterpret_cast<HANDLE>(static_cast<UINT_PTR>(value.As<Napi::BigInt>().Uint64Value(&lossless)));
}

/// The handles of this process. From the system's list of all handles, because Wine lacks GetProcessHandleCount.
std::vector<HANDLE> own_handles(Napi::Env env) {
  struct Handle {
    void* object;
    ULONG_PTR process;
    ULONG_PTR value;
    ULONG others[4];
  };
  struct Handles {
    ULONG_PTR count;
    ULONG_PTR reserved;
    Handle handles[1];
  };
  constexpr ULONG kSystemExtendedHandleInformation = 64;
  constexpr LONG kLengthMismatch = static_cast<LONG>(0xC0000004);
  using Query = LONG(WINAPI*)(ULONG, void*, ULONG, ULONG*);
  const auto query = rtworkq::resolve<Query>(GetModuleHandleW(L"ntdll.dll"), "NtQuerySystemInformation");

  std::vector<ULONG_PTR> buffer(1 << 16);
  LONG status = kLengthMismatch;
  for (; status == kLengthMismatch; buffer.resize(buffer.size() * 2)) {
    const auto bytes = static_cast<ULONG>(buffer.size() * sizeof(ULONG_PTR));
    status = query(kSystemExtendedHandleInformation, buffer.data(), bytes, nullptr);
  }
  if (status < 0) throw Napi::Error::New(env, "The handles could not be listed.");
  const auto* list = reinterpret_cast<const Handles*>(buffer.data());
  std::vector<HANDLE> own;
  std::for_each(list->handles, list->handles + list->count, [&](const Handle& handle) {
    if (handle.process == GetCurrentProcessId()) own.push_back(reinterpret_cast<HANDLE>(handle.value));
  });
  return own;
}

DWORD WINAPI abandon(void* mutex) { return WaitForSingleObject(static_cast<HANDLE>(mutex), INFINITE); }

}  // namespace

Napi::Value handle_count(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(own_handles(info.Env()).size()));
}

Napi::Value close_duplicates(const Napi::CallbackInfo& info) {
  const HANDLE handle = handle_of(info[0]);
  using Compare = BOOL(WINAPI*)(HANDLE, HANDLE);
  const auto is_same = rtworkq::resolve<Compare>(GetModuleHandleW(L"kernelbase.dll"), "CompareObjectHandles");
  const std::vector<HANDLE> handles = own_handles(info.Env());
  const auto closed = std::count_if(handles.begin(), handles.end(), [&](HANDLE other) {
    return other != handle && is_same(handle, other) && CloseHandle(other);
  });
  return Napi::Number::New(info.Env(), static_cast<double>(closed));
}

std::wstring wide(const Napi::Value& value) {
  const std::u16string text = value.As<Napi::String>().Utf16Value();
  return {text.begin(), text.end()};
}

Napi::Value security_of(const Napi::CallbackInfo& info) {
  const std::string kind = info[0].As<Napi::String>();
  const std::wstring name = wide(info[1]);
  HANDLE opened = nullptr;
  if (kind == "event") opened = OpenEventW(READ_CONTROL, FALSE, name.c_str());
  if (kind == "semaphore") opened = OpenSemaphoreW(READ_CONTROL, FALSE, name.c_str());
  if (kind == "timer") opened = OpenWaitableTimerW(READ_CONTROL, FALSE, name.c_str());
  if (kind == "mutex") opened = OpenMutexW(READ_CONTROL, FALSE, name.c_str());
  const rtworkq::UniqueHandle object(opened);
  DWORD size = 0;
  GetKernelObjectSecurity(object.get(), DACL_SECURITY_INFORMATION, nullptr, 0, &size);
  std::vector<std::byte> descriptor(size);
  wchar_t* text = nullptr;
  if (!GetKernelObjectSecurity(object.get(), DACL_SECURITY_INFORMATION, descriptor.data(), size, &size) ||
      !ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor.data(), SDDL_REVISION_1,
                                                            DACL_SECURITY_INFORMATION, &text, nullptr)) {
    throw Napi::Error::New(info.Env(), "The security descriptor cannot be read.");
  }
  const std::wstring copy(text);
  LocalFree(text);
  return Napi::String::New(info.Env(), reinterpret_cast<const char16_t*>(copy.data()), copy.size());
}

void secure_process(const Napi::CallbackInfo& info) {
  const rtworkq::UniqueHandle process(OpenProcess(WRITE_DAC, FALSE, info[0].As<Napi::Number>().Uint32Value()));
  void* descriptor = nullptr;
  const bool done = ConvertStringSecurityDescriptorToSecurityDescriptorW(wide(info[1]).c_str(), SDDL_REVISION_1,
                                                                         &descriptor, nullptr) &&
                    SetKernelObjectSecurity(process.get(), DACL_SECURITY_INFORMATION, descriptor);
  LocalFree(descriptor);
  if (!done) throw Napi::Error::New(info.Env(), "The security descriptor cannot be set.");
}

Napi::Value thread_count(const Napi::CallbackInfo& info) {
  const rtworkq::UniqueHandle snapshot(CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0));
  THREADENTRY32 entry{};
  entry.dwSize = sizeof(entry);
  std::uint32_t count = 0;
  for (BOOL more = Thread32First(snapshot.get(), &entry); more; more = Thread32Next(snapshot.get(), &entry)) {
    if (entry.th32OwnerProcessID == GetCurrentProcessId()) ++count;
  }
  return Napi::Number::New(info.Env(), count);
}

Napi::Value current_thread(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), GetCurrentThreadId());
}

Napi::Value create_abandoned_mutex(const Napi::CallbackInfo& info) {
  const HANDLE mutex = CreateMutexW(nullptr, FALSE, nullptr);
  const rtworkq::UniqueHandle owner(CreateThread(nullptr, 0, abandon, mutex, 0, nullptr));
  if (!mutex || !owner || WaitForSingleObject(owner.get(), INFINITE) != WAIT_OBJECT_0) {
    throw Napi::Error::New(info.Env(), "There is no mutex.");
  }
  return Napi::BigInt::New(info.Env(), static_cast<std::uint64_t>(reinterpret_cast<UINT_PTR>(mutex)));
}

Napi::Value mutex_state(const Napi::CallbackInfo& info) {
  const HANDLE mutex = handle_of(info[0]);
  const DWORD taken = WaitForSingleObject(mutex, 0);
  if (taken != WAIT_TIMEOUT && !ReleaseMutex(mutex)) throw Napi::Error::New(info.Env(), "This is no mutex.");
  const char* const state = taken == WAIT_TIMEOUT ? "owned" : taken == WAIT_ABANDONED ? "abandoned" : "free";
  return Napi::String::New(info.Env(), state);
}
