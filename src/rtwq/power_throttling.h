// What Windows may do with this process to save power: SetProcessInformation(ProcessPowerThrottling). The process has
// one such state, whoever in it sets it. Any JavaScript thread.

#pragma once

#include "rtwq/api.h"

namespace rtworkq {

/// Whether Windows throttles.
enum class Throttling {
  as_before,
  by_system,  // as Windows sees fit: the default
  always,
  never,
};

/// Sets one or both. What is left as before stays as it was set before, by whomever as far as Windows tells.
Outcome throttle_process(Throttling execution_speed, Throttling timer_resolution);

}  // namespace rtworkq
