// Runs on any thread.

#include "handles/object.h"

#include "base/module.h"

#include <winternl.h>

#include <array>
#include <cstddef>
#include <string_view>

namespace rtworkq::object {
namespace {

struct BasicInformation {
  ULONG attributes;
  ACCESS_MASK granted_access;
  ULONG others[12];
};
struct EventInformation {
  LONG type;  // 0 manual-reset, 1 auto-reset
  LONG state;
};
constexpr ULONG kObjectBasicInformation = 0;
constexpr ULONG kObjectTypeInformation = 2;
constexpr ULONG kEventBasicInformation = 0;
constexpr LONG kSynchronizationEvent = 1;

using Query = LONG(NTAPI*)(HANDLE, ULONG, void*, ULONG, ULONG*);

struct Ntdll {
  const HMODULE module = GetModuleHandleW(L"ntdll.dll");
  const Query query_object = resolve<Query>(module, "NtQueryObject");
  const Query query_event = resolve<Query>(module, "NtQueryEvent");
};

const Ntdll& ntdll() noexcept {
  static const Ntdll functions;
  return functions;
}

bool query(Query call, HANDLE handle, ULONG information, void* buffer, std::size_t size) noexcept {
  ULONG length = 0;
  return call && call(handle, information, buffer, static_cast<ULONG>(size), &length) >= 0;
}

}  // namespace

Kind kind_of(HANDLE handle) noexcept {
  alignas(UNICODE_STRING) std::array<std::byte, 1024> buffer;
  if (!query(ntdll().query_object, handle, kObjectTypeInformation, buffer.data(), buffer.size())) return Kind::unknown;
  const auto* name = reinterpret_cast<const UNICODE_STRING*>(buffer.data());
  const std::wstring_view type{name->Buffer, name->Length / sizeof(wchar_t)};
  if (type == L"Mutant") return Kind::mutex;
  if (type == L"Semaphore") return Kind::semaphore;
  if (type == L"Timer" || type == L"IRTimer") return Kind::timer;
  return type == L"Event" ? kind_of_event(handle) : Kind::other;
}

Kind kind_of_event(HANDLE event) noexcept {
  EventInformation information{};
  if (!query(ntdll().query_event, event, kEventBasicInformation, &information, sizeof(information))) {
    return Kind::opaque_event;
  }
  return information.type == kSynchronizationEvent ? Kind::event : Kind::other;
}

bool may_wait(HANDLE handle) noexcept {
  BasicInformation basic{};
  return !query(ntdll().query_object, handle, kObjectBasicInformation, &basic, sizeof(basic)) ||
         (basic.granted_access & SYNCHRONIZE) != 0;
}

bool is_same(HANDLE one, HANDLE other) noexcept {
  // Added in Windows 10.
  static const auto compare =
      resolve<BOOL(WINAPI*)(HANDLE, HANDLE)>(GetModuleHandleW(L"kernelbase.dll"), "CompareObjectHandles");
  return one == other || (compare && compare(one, other));
}

}  // namespace rtworkq::object
