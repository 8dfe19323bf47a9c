// Runs on JavaScript threads. The Library is loaded once and lives as long as the process.

#include "rtwq/api.h"

#include <cstring>

namespace rtworkq {
namespace {

/// Replaces a function that this version of Windows lacks.
template <class... Parameters>
HRESULT WINAPI not_implemented(Parameters...) {
  return E_NOTIMPL;
}

template <class... Parameters>
void resolve_or_stub(HRESULT(WINAPI*& function)(Parameters...), HMODULE module, const char* name) {
  function = resolve<HRESULT(WINAPI*)(Parameters...)>(module, name);
  if (!function) function = not_implemented<Parameters...>;
}

Library load() {
  Library loaded;
  loaded.module = LoadLibraryExW(L"RTWorkQ.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (!loaded.module) {
    loaded.load_error = GetLastError();
    return loaded;
  }
#define RTWORKQ_RESOLVE(name)                                                 \
  loaded.api.name = resolve<decltype(loaded.api.name)>(loaded.module, #name); \
  if (!loaded.api.name && !loaded.missing_function) loaded.missing_function = #name;
  RTWORKQ_FUNCTIONS(RTWORKQ_RESOLVE)
#undef RTWORKQ_RESOLVE
#define RTWORKQ_RESOLVE(name) resolve_or_stub(loaded.api.name, loaded.module, #name);
  RTWORKQ_LATER_FUNCTIONS(RTWORKQ_RESOLVE)
#undef RTWORKQ_RESOLVE
  return loaded;
}

}  // namespace

const Library& library() {
  static const Library loaded = load();
  return loaded;
}

std::wstring Library::path() const {
  std::wstring buffer(MAX_PATH, L'\0');
  for (;;) {
    const DWORD length = GetModuleFileNameW(module, buffer.data(), static_cast<DWORD>(buffer.size()));
    if (length < buffer.size()) {
      buffer.resize(length);
      return buffer;
    }
    buffer.resize(buffer.size() * 2);
  }
}

std::optional<std::array<std::uint16_t, 4>> Library::version() const {
  // Reads the mapped resource, so version.dll is not needed. VS_FIXEDFILEINFO follows the key, aligned to 4 bytes. The
  // numbers are VS_VERSION_INFO and RT_VERSION; the macros' types depend on the headers.
  const HRSRC found = FindResourceW(module, MAKEINTRESOURCEW(1), MAKEINTRESOURCEW(16));
  const HGLOBAL block = found ? LoadResource(module, found) : nullptr;
  const void* data = block ? LockResource(block) : nullptr;
  constexpr std::size_t offset = (3 * sizeof(WORD) + sizeof(L"VS_VERSION_INFO") + 3) / 4 * 4;
  VS_FIXEDFILEINFO info;
  if (!data || SizeofResource(module, found) < offset + sizeof(info)) return std::nullopt;
  std::memcpy(&info, static_cast<const char*>(data) + offset, sizeof(info));
  if (info.dwSignature != VS_FFI_SIGNATURE) return std::nullopt;
  return std::array{HIWORD(info.dwFileVersionMS), LOWORD(info.dwFileVersionMS), HIWORD(info.dwFileVersionLS),
                    LOWORD(info.dwFileVersionLS)};
}

const char* wine_version() {
  const auto get = resolve<const char*(__cdecl*)()>(GetModuleHandleW(L"ntdll.dll"), "wine_get_version");
  return get ? get() : nullptr;
}

}  // namespace rtworkq
