// The import library names node.exe, but the host may be electron.exe or a renamed node.exe: the functions of Node-API
// are bound on first use, to whichever program this process runs. node-gyp links a hook of its own with MSVC; this is
// the one for mingw-w64. Runs on the first JavaScript thread that calls Node-API.

#if defined(__MINGW32__)

#include <windows.h>

#include <delayimp.h>

#include <cstring>

namespace {

FARPROC WINAPI bind_to_host(unsigned event, PDelayLoadInfo info) {
  if (event == dliStartProcessing) {
    // The address is about to be written there, and binutils 2.44 puts it into a read-only section.
    DWORD before = 0;
    VirtualProtect(info->ppfn, sizeof(*info->ppfn), PAGE_READWRITE, &before);
  }
  if (event != dliNotePreLoadLibrary || _stricmp(info->szDll, "node.exe") != 0) return nullptr;
  // Some builds of Node keep everything in a DLL.
  HMODULE host = GetModuleHandleW(L"libnode.dll");
  if (!host) host = GetModuleHandleW(nullptr);
  return reinterpret_cast<FARPROC>(reinterpret_cast<void*>(host));
}

}  // namespace

// delayimp.h declares it with C linkage.
PfnDliHook __pfnDliNotifyHook2 = bind_to_host;

#endif
