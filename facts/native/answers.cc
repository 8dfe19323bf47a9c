// Runs on the main thread.

#include "answers.h"

#include <cstdio>

namespace rtworkq::facts {
namespace {

struct Name {
  HRESULT result;
  const char* name;
};

constexpr Name kNames[] = {
    {S_OK, "S_OK"},
    {E_NOTIMPL, "E_NOTIMPL"},
    {E_FAIL, "E_FAIL"},
    {E_INVALIDARG, "E_INVALIDARG"},
    {E_OUTOFMEMORY, "E_OUTOFMEMORY"},
    {E_ACCESSDENIED, "E_ACCESSDENIED"},
    {static_cast<HRESULT>(0xC00D36BBL), "RTWQ_E_UNEXPECTED"},
    {static_cast<HRESULT>(0xC00D36D5L), "RTWQ_E_NOT_FOUND"},
    {static_cast<HRESULT>(0xC00D36EDL), "RTWQ_E_OPERATION_CANCELLED"},
    {static_cast<HRESULT>(0xC00D36FFL), "RTWQ_E_INVALID_WORKQUEUE"},
    {static_cast<HRESULT>(0xC00D3E85L), "RTWQ_E_SHUTDOWN"},
};

/// A JSON string. The texts contain no control characters.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char character : text) {
    if (character == '"' || character == '\\') result += '\\';
    result += character;
  }
  return result + '"';
}

/// Formats a non-negative integer, such as 10,000.
std::string with_commas(double number) {
  std::string digits = std::to_string(static_cast<unsigned long long>(number));
  for (std::size_t place = digits.size(); place > 3;) digits.insert(place -= 3, ",");
  return digits;
}

}  // namespace

void say(std::string_view about, std::string_view text) {
  std::printf("{\"about\":%s,\"value\":%s}\n", quoted(about).c_str(), quoted(text).c_str());
  // If the row hangs or crashes later, these answers are kept.
  std::fflush(stdout);
}

void say(std::string_view about, double number) {
  std::printf("{\"about\":%s,\"value\":%.12g}\n", quoted(about).c_str(), number);
  std::fflush(stdout);
}

void say_all(std::string_view about, std::string_view unit, const std::vector<double>& values) {
  std::printf("{\"about\":%s,\"unit\":%s,\"values\":[", quoted(about).c_str(), quoted(unit).c_str());
  const char* separator = "";
  for (const double value : values) {
    std::printf("%s%.6g", separator, value);
    separator = ",";
  }
  std::printf("]}\n");
  std::fflush(stdout);
}

void say_result(std::string_view about, HRESULT result) { say(about, name_of(result)); }

void say_end() {
  std::printf("{\"end\":true}\n");
  std::fflush(stdout);
}

std::string name_of(HRESULT result) {
  for (const auto& [known, name] : kNames) {
    if (known == result) return name;
  }
  char text[16];
  std::snprintf(text, sizeof(text), "0x%08lX", static_cast<unsigned long>(result));
  return text;
}

std::string share(double part, double all) { return with_commas(part) + " of " + with_commas(all); }

}  // namespace rtworkq::facts
