// Converts the arguments that lib/ passes to native types, and results back. lib/ has already validated everything.
// JavaScript threads.

#pragma once

#include "handles/wait_target.h"
#include "node/environment.h"
#include "node/outcome.h"

#include <napi.h>

#include <cstdint>
#include <string>

namespace rtworkq {

/// Each function carries its environment as its data.
inline Environment& environment_of(const Napi::CallbackInfo& info) { return *static_cast<Environment*>(info.Data()); }

inline bool flag(const Napi::Value& value) { return value.As<Napi::Boolean>().Value(); }
inline std::uint32_t number(const Napi::Value& value) { return value.As<Napi::Number>().Uint32Value(); }
inline std::int32_t signed_number(const Napi::Value& value) { return value.As<Napi::Number>().Int32Value(); }
inline std::int64_t long_number(const Napi::Value& value) { return value.As<Napi::Number>().Int64Value(); }

inline double real_number(const Napi::Value& value) { return value.As<Napi::Number>().DoubleValue(); }

inline OperationId operation_id(const Napi::Value& value) { return static_cast<OperationId>(long_number(value)); }

inline HANDLE raw_handle(const Napi::Value& value) {
  bool lossless = false;
  const std::uint64_t bits = value.As<Napi::BigInt>().Uint64Value(&lossless);
  return reinterpret_cast<HANDLE>(static_cast<UINT_PTR>(bits));
}

/// A target of a wait by `function`: a number names a handle in the environment's table; a bigint is the user's own raw
/// handle.
inline Outcome open_target(const Napi::CallbackInfo& info, const Napi::Value& value, Function function,
                           WaitTarget& target) {
  if (value.IsBigInt()) return WaitTarget::open(raw_handle(value), function, target);
  const waiter::OpenHandle& open = environment_of(info).handles[number(value)];
  // The thread that waits would own it.
  if (open.kind == object::Kind::mutex) return {HRESULT_FROM_WIN32(ERROR_NOT_SUPPORTED), function};
  if (!open.may_wait) return {E_ACCESSDENIED, function};
  return WaitTarget::duplicate(open.get(), open.kind, function, target);
}

/// A work queue in the environment's table. lib/ only names queues that exist; if it ever did not, this throws.
inline const ComPtr<WorkQueue>& queue_of(const Napi::CallbackInfo& info, std::size_t argument) {
  const ComPtr<WorkQueue>& queue = environment_of(info).queues[number(info[argument])];
  if (!queue) throw Napi::Error::New(info.Env(), "rtworkq refers to a work queue that no longer exists.");
  return queue;
}

static_assert(sizeof(wchar_t) == sizeof(char16_t));

inline std::wstring text(const Napi::Value& value) {
  const std::u16string units = value.As<Napi::String>().Utf16Value();
  return {units.begin(), units.end()};
}

inline Napi::String to_js(Napi::Env env, const std::wstring& text) {
  return Napi::String::New(env, reinterpret_cast<const char16_t*>(text.data()), text.size());
}

inline Napi::Value to_js(const Napi::CallbackInfo& info, const Outcome& outcome) {
  return Napi::Number::New(info.Env(), encode(outcome));
}

/// Adds a function, bound to `environment`, to the object that lib/ gets.
template <auto function>
void bind(Napi::Object& functions, const char* name, Environment& environment) {
  functions[name] = Napi::Function::New<function>(functions.Env(), name, &environment);
}

}  // namespace rtworkq
