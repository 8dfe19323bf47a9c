// Replaces a function that a loaded module imports, so that tests can simulate other versions of Windows.

#pragma once

#include <windows.h>

#include <cstring>

/// The entry of a function in a module's import table, or null if the module does not import it by name.
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

/// Makes a module call `other` instead of the imported function. False if it does not import that function.
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
