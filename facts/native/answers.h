// What a row says: one line of JSON on standard output for each thing that it has found. Called on the main thread.

#pragma once

#include <windows.h>

#include <string>
#include <string_view>
#include <vector>

namespace rtworkq::facts {

void say(std::string_view about, std::string_view text);
void say(std::string_view about, double number);

/// Many numbers, which scripts/facts.mjs summarizes.
void say_all(std::string_view about, std::string_view unit, const std::vector<double>& values);

/// What a function returned.
void say_result(std::string_view about, HRESULT result);

/// The last line: a process that ends without it has crashed, whatever its exit code is.
void say_end();

/// The name of a result, or its number.
std::string name_of(HRESULT result);

/// `3 of 10`.
std::string share(double part, double all);

}  // namespace rtworkq::facts
