// What a loaded module imports, and having it meet another function instead: for what Windows shall be like in a test.

#pragma once

#include <windows.h>

#include <cstring>

/// Where a module has the address of a function that it imports by name; null where it does not.
inline ULONG_PTR* import_of(HMODULE module, const char* function) {
  auto* const base = reinterpret_cast<BYTE*>(module);
  const auto* const dos = reinterpret_cast<const IMAGE_DOS_HEADER*>(base);
  const auto* const headers = reinterpret_cast<const IMAGE_NT_HEADERS*>(base + dos->e_lfanew);
  const DWORD imports = headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress;
  const auto* from = reinterpret_cast<const IMAGE_IMPORT_DESCRIPTOR*>(base + imports);
  for (; from->Name; ++from) {
    const auto* name = reinterpret_cast<const IMAGE_THUNK_DATA*>(base + from->OriginalFirstThunk);
    auto* address = reinterpret_cast<IMAGE_THUNK_DATA*>(base + from->FirstThunk);
    for (; name->u1.AddressOfData; ++name, ++address) {
      if (IMAGE_SNAP_BY_ORDINAL(name->u1.Ordinal)) continue;
      const auto* by_name = reinterpret_cast<const IMAGE_IMPORT_BY_NAME*>(base + name->u1.AddressOfData);
      if (std::strcmp(reinterpret_cast<const char*>(by_name->Name), function) == 0) {
        return reinterpret_cast<ULONG_PTR*>(&address->u1.Function);
      }
    }
  }
  return nullptr;
}

/// Has a module call another function. False where it does not import the one that is named.
template <class F>
bool replace_import(const char* module_name, const char* function, F* other) {
  const HMODULE module = GetModuleHandleA(module_name);
  ULONG_PTR* const import = module ? import_of(module, function) : nullptr;
  DWORD protection = 0;
  if (!import || !VirtualProtect(import, sizeof(*import), PAGE_READWRITE, &protection)) return false;
  *import = reinterpret_cast<ULONG_PTR>(other);
  VirtualProtect(import, sizeof(*import), protection, &protection);
  return true;
}
