// Options from environment variables, read at each call, because tests change them as they run. Any thread.

#pragma once

#include <string>
#include <vector>

namespace stand_in {

/// The parts of a variable's value; empty if it is not set.
std::vector<std::string> split_variable(const char* variable, char separator);

/// Whether RTWORKQ_STANDIN contains `tick`: the clock then moves in steps of 15.625 ms, as on Windows.
bool tick_bound();

}  // namespace stand_in
