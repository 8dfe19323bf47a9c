// Prints a row's answers: one JSON line on standard output for each. Main thread only.

#pragma once

#include <windows.h>

#include <string>
#include <string_view>
#include <vector>

namespace rtworkq::facts {

void say(std::string_view about, std::string_view text);
void say(std::string_view about, double number);

/// Prints a list of numbers, which facts/report/answers.mjs summarizes.
void say_all(std::string_view about, std::string_view unit, const std::vector<double>& values);

/// Prints a function's result.
void say_result(std::string_view about, HRESULT result);

/// Prints the last line. A process that exits without it counts as crashed, even with exit code 0.
void say_end();

/// A result's name, or else its number.
std::string name_of(HRESULT result);

/// Formats `3 of 10`.
std::string share(double part, double all);

}  // namespace rtworkq::facts
