#include "shifted_timers.h"

#include "imports.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <random>
#include <string>

namespace {

constexpr double kUnitsPerMillisecond = 10'000;

std::atomic<double> early{0};
std::atomic<double> late{0};
std::atomic<std::uint32_t> set{0};

/// On any thread.
BOOL WINAPI set_timer(HANDLE timer, const LARGE_INTEGER* due, LONG period, PTIMERAPCROUTINE routine, void* argument,
                      BOOL resume) {
  static thread_local std::minstd_rand chance{GetCurrentThreadId()};
  set.fetch_add(1);
  LARGE_INTEGER shifted = *due;
  if (due->QuadPart < 0) {
    const double by = std::uniform_real_distribution<double>(-early.load(), late.load())(chance);
    shifted.QuadPart = std::min<LONGLONG>(-1, due->QuadPart - static_cast<LONGLONG>(by * kUnitsPerMillisecond));
  }
  return SetWaitableTimer(timer, &shifted, period, routine, argument, resume);
}

}  // namespace

void shift_timers(const Napi::CallbackInfo& info) {
  early = info[1].As<Napi::Number>().DoubleValue();
  late = info[2].As<Napi::Number>().DoubleValue();
  const std::string module = info[0].As<Napi::String>();
  if (!replace_import(module.c_str(), "SetWaitableTimer", set_timer)) {
    throw Napi::Error::New(info.Env(), "The module's imports are out of reach.");
  }
}

Napi::Value timers_set(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), set.exchange(0)); }
