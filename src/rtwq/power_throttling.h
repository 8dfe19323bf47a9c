// How Windows may throttle this process to save power: SetProcessInformation(ProcessPowerThrottling). There is one
// state per process, which any code in it can set. Any JavaScript thread.

#pragma once

#include "rtwq/api.h"

namespace rtworkq {

/// Whether Windows throttles the process.
enum class Throttling {
  unchanged,
  system_default,  // Windows decides, the default
  always,
  never,
};

/// Sets one or both. `unchanged` keeps the current setting: as Windows reports it or, if it cannot, as last set here.
Outcome throttle_process(Throttling execution_speed, Throttling timer_resolution);

}  // namespace rtworkq
