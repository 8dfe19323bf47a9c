// Checks the DLLs' exported names, read from their images. Main thread.

#include "check/harness.h"

#include <algorithm>
#include <set>

namespace check {
namespace {

std::set<std::string> exports_of(HMODULE module) {
  const auto* base = reinterpret_cast<const BYTE*>(module);
  const auto& dos = *reinterpret_cast<const IMAGE_DOS_HEADER*>(base);
  const auto& headers = *reinterpret_cast<const IMAGE_NT_HEADERS*>(base + dos.e_lfanew);
  const auto& entry = headers.OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT];
  const auto& directory = *reinterpret_cast<const IMAGE_EXPORT_DIRECTORY*>(base + entry.VirtualAddress);
  const auto* names = reinterpret_cast<const DWORD*>(base + directory.AddressOfNames);
  std::set<std::string> exports;
  for (DWORD index = 0; index < directory.NumberOfNames; ++index) {
    exports.insert(reinterpret_cast<const char*>(base + names[index]));
  }
  return exports;
}

}  // namespace

void check_exports() {
  const std::set<std::string> expected{
#define CHECK_NAME(name) #name,
      CHECK_FUNCTIONS(CHECK_NAME)
#undef CHECK_NAME
          "RtwqCancelMultipleWaitingWorkItem",
      "RtwqGetPlatform",
      "RtwqPutMultipleWaitingWorkItem",
  };
  expect("RTWorkQ.dll exports the 37 functions of Windows and no other",
         expected.size() == 37 && exports_of(system_library(L"RTWorkQ.dll")) == expected);

  const std::set<std::string> of_avrt{
      "AvQuerySystemResponsiveness",   "AvRevertMmThreadCharacteristics", "AvSetMmMaxThreadCharacteristicsW",
      "AvSetMmThreadCharacteristicsA", "AvSetMmThreadCharacteristicsW",   "AvSetMmThreadPriority",
  };
  const auto exported = exports_of(system_library(L"avrt.dll"));
  expect("avrt.dll exports the functions of MMCSS",
         std::includes(exported.begin(), exported.end(), of_avrt.begin(), of_avrt.end()));
}

}  // namespace check
