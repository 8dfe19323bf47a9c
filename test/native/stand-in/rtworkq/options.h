// Options by environment variable, read at each call: the JavaScript under test changes them as it goes. Any thread.

#pragma once

#include <string>
#include <vector>

namespace stand_in {

/// The parts of a variable's value; none where it is not set.
std::vector<std::string> split_variable(const char* variable, char separator);

/// Whether RTWORKQ_STANDIN says `tick`: the clock moves in steps of 15.625 ms, as on Windows.
bool tick_bound();

}  // namespace stand_in
