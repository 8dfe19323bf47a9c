// Fault injection, and call counters. RTWORKQ_FAULT is a semicolon-separated list of
//
//   <function>=<HRESULT in hex>   the function fails and does nothing
//   <function>=<HRESULT>@<count>  the same, after <count> calls that work; only one such fault at a time
//   late-key                      RtwqScheduleWorkItem returns the key long after the callback may have run
//   early                         RtwqScheduleWorkItem waits only half the time
//   at-once                       RtwqScheduleWorkItem does not wait
//   twice                         RtwqScheduleWorkItem's callback runs twice
//
// RTWORKQ_CALLS_<function> counts calls of the functions that come in pairs. Any thread.

#pragma once

#include <windows.h>

#include <string_view>

namespace stand_in {

/// The HRESULT that the function must fail with, or S_OK.
HRESULT fault_of(std::string_view function);

bool has_fault(std::string_view name);

/// Counts a call, if the function is one of those counted.
void count_call(std::string_view function);

}  // namespace stand_in
