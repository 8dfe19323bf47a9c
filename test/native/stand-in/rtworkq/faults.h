// Faults on demand, and counters. RTWORKQ_FAULT is a list, separated by semicolons, of
//
//   <function>=<HRESULT in hex>   that function fails, without having done anything
//   <function>=<HRESULT>@<count>  the same, after so many calls that do not; one such fault at a time
//   late-key                      RtwqScheduleWorkItem gives the key long after the callback may have run
//   early                         RtwqScheduleWorkItem waits for half of the time only
//   at-once                       RtwqScheduleWorkItem does not wait
//
// and RTWORKQ_CALLS_<function> says how often a function was called, for those that come in pairs. Any thread.

#pragma once

#include <windows.h>

#include <string_view>

namespace stand_in {

/// The HRESULT that the function shall fail with, or S_OK.
HRESULT fault_of(std::string_view function);

bool has_fault(std::string_view name);

/// Counts a call of the function, if it is one of those that are counted.
void count_call(std::string_view function);

}  // namespace stand_in
