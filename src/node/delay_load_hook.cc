// The import library names node.exe, but the host may be electron.exe or a renamed node.exe. So Node-API functions are
// bound on first use, to the program that this process runs. With MSVC, node-gyp links its own hook; this one is for
// mingw-w64. Runs on the first JavaScript thread that calls Node-API.

#if defined(__MINGW32__)

#include <windows.h>

#include <delayimp.h>

#include <cstring>

namespace {

FARPROC WINAPI bind_to_host(unsigned event, PDelayLoadInfo info) {
  if (event == dliStartProcessing) {
    // The loader is about to write the address there, and binutils 2.44 puts it in a read-only section.
    DWORD before = 0;
    VirtualProtect(info->ppfn, sizeof(*info->ppfn), PAGE_READWRITE, &before);
  }
  if (event != dliNotePreLoadLibrary || _stricmp(info->szDll, "node.exe") != 0) return nullptr;
  // Some builds of Node put everything in a DLL.
  HMODULE host = GetModuleHandleW(L"libnode.dll");
  if (!host) host = GetModuleHandleW(nullptr);
  return reinterpret_cast<FARPROC>(reinterpret_cast<void*>(host));
}

}  // namespace

// C linkage comes from its declaration in delayimp.h.
PfnDliHook __pfnDliNotifyHook2 = bind_to_host;

#endif
