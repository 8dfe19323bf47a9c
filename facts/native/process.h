// Thread count and memory use of this process.

#pragma once

#include "base/handle.h"
#include "rtwq/api.h"

#include <tlhelp32.h>

// Only for its structures: the function is looked up by name, in kernel32 since Windows 7.
#include <psapi.h>

namespace rtworkq::facts {

/// The number of threads in this process; 0 if unknown.
inline double thread_count() {
  const HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
  if (snapshot == INVALID_HANDLE_VALUE) return 0;
  const UniqueHandle owner(snapshot);
  THREADENTRY32 entry{};
  entry.dwSize = sizeof(entry);
  double count = 0;
  for (BOOL more = Thread32First(snapshot, &entry); more; more = Thread32Next(snapshot, &entry)) {
    if (entry.th32OwnerProcessID == GetCurrentProcessId()) ++count;
  }
  return count;
}

/// In KB.
struct Memory {
  double working_set = 0;
  double private_bytes = 0;
};

inline Memory memory() {
  using Ask = BOOL(WINAPI*)(HANDLE, PROCESS_MEMORY_COUNTERS*, DWORD);
  const auto ask = resolve<Ask>(GetModuleHandleW(L"kernel32.dll"), "K32GetProcessMemoryInfo");
  PROCESS_MEMORY_COUNTERS_EX counters{};
  if (!ask || !ask(GetCurrentProcess(), reinterpret_cast<PROCESS_MEMORY_COUNTERS*>(&counters), sizeof(counters))) {
    return {};
  }
  const auto kilobytes = [](SIZE_T bytes) { return static_cast<double>(bytes) / 1024.0; };
  return {kilobytes(counters.WorkingSetSize), kilobytes(counters.PrivateUsage)};
}

}  // namespace rtworkq::facts
