// The benchmark's contender in plain C++: `baseline <subject>` prints a line when it has started, then reads requests
// such as `put 200000 1000`, one a line, and answers each with a line of JSON, until its input ends. Runs on the main
// thread; only the measures start threads.

#include "measures.h"
#include "rtwq/platform.h"
#include "work_items.h"

#include <iostream>
#include <map>
#include <sstream>
#include <string>

namespace rtworkq::bench {
namespace {

using Measures = std::map<std::string, Measure>;

const std::map<std::wstring, Measures> kSubjects{
    {L"cpp", {{"put", put}, {"trips", trips}, {"cancel", cancel}, {"bulk", bulk}, {"lateness", lateness}}},
    {L"cpp-reuse", {{"put", put_reusing}}},
    {L"cpp-timed", {{"bulk", bulk_timed}}},
    {L"cpp-delay", {{"intervals", intervals_by_delay}}},
    {L"cpp-timer", {{"intervals", intervals_by_timer}}},
};

void answer(const Measures& measures, const std::string& line) {
  std::istringstream words(line);
  std::string name;
  words >> name;
  Numbers numbers;
  for (double number = 0; words >> number;) numbers.push_back(number);
  measures.at(name)(numbers);
  std::fflush(stdout);
}

}  // namespace
}  // namespace rtworkq::bench

int wmain(int argc, wchar_t** argv) {
  const auto subject = rtworkq::bench::kSubjects.find(argc > 1 ? argv[1] : L"");
  if (subject == rtworkq::bench::kSubjects.end()) {
    std::fprintf(stderr, "usage: baseline <subject>, with requests on standard input\n");
    return 2;
  }
  if (!rtworkq::library().usable()) {
    std::fprintf(stderr, "RTWorkQ.dll is missing or too old\n");
    return 1;
  }
  auto& platform = rtworkq::Platform::instance();
  rtworkq::bench::check(platform.acquire().result, "RtwqStartup");
  std::printf("ready\n");
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) rtworkq::bench::answer(subject->second, line);
  rtworkq::bench::check(platform.release().result, "RtwqShutdown");
  return 0;
}
