// Runs on callers' threads.

#include "rtworkq/options.h"

#include <windows.h>

#include <algorithm>
#include <sstream>

namespace stand_in {

std::vector<std::string> split_variable(const char* variable, char separator) {
  char buffer[1024];
  const DWORD length = GetEnvironmentVariableA(variable, buffer, sizeof(buffer));
  std::vector<std::string> parts;
  if (length == 0 || length >= sizeof(buffer)) return parts;
  std::istringstream stream(std::string(buffer, length));
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

bool tick_bound() {
  const auto options = split_variable("RTWORKQ_STANDIN", ',');
  return std::find(options.begin(), options.end(), "tick") != options.end();
}

}  // namespace stand_in
