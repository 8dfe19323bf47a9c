// Runs on callers' threads.

#include "rtworkq/faults.h"

#include "common/lock.h"
#include "rtworkq/options.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <string>

namespace stand_in {
namespace {

constexpr std::string_view kCountedFunctions[] = {
    "RtwqStartup",
    "RtwqShutdown",
    "RtwqLockPlatform",
    "RtwqUnlockPlatform",
    "RtwqCreateAsyncResult",
    "RtwqAllocateWorkQueue",
    "RtwqAllocateSerialWorkQueue",
    "RtwqLockWorkQueue",
    "RtwqLockSharedWorkQueue",
    "RtwqUnlockWorkQueue",
    "RtwqAddPeriodicCallback",
    "RtwqRemovePeriodicCallback",
};

}  // namespace

HRESULT fault_of(std::string_view function) {
  // How many calls a fault with a count has let pass, since RTWORKQ_FAULT was last empty.
  static constinit std::atomic<unsigned long> passed{0};
  const auto faults = split_variable("RTWORKQ_FAULT", ';');
  if (faults.empty()) passed = 0;
  for (const std::string& fault : faults) {
    const std::size_t equals = fault.find('=');
    if (equals == std::string::npos || function != std::string_view(fault).substr(0, equals)) continue;
    char* rest = nullptr;
    const auto result = static_cast<HRESULT>(std::strtoul(fault.c_str() + equals + 1, &rest, 16));
    const bool passes = *rest == '@' && passed.fetch_add(1) < std::strtoul(rest + 1, nullptr, 10);
    return passes ? S_OK : result;
  }
  return S_OK;
}

bool has_fault(std::string_view name) {
  const auto faults = split_variable("RTWORKQ_FAULT", ';');
  return std::find(faults.begin(), faults.end(), name) != faults.end();
}

void count_call(std::string_view function) {
  if (std::find(std::begin(kCountedFunctions), std::end(kCountedFunctions), function) == std::end(kCountedFunctions))
    return;
  static constinit Lock lock;
  const Guard guard(lock);
  const std::string name = std::string("RTWORKQ_CALLS_").append(function);
  char buffer[32] = "0";
  GetEnvironmentVariableA(name.c_str(), buffer, sizeof(buffer));
  SetEnvironmentVariableA(name.c_str(), std::to_string(std::atoi(buffer) + 1).c_str());
}

}  // namespace stand_in
