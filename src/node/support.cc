// Describes RTWorkQ.dll and its errors, without starting the platform. JavaScript threads.

#include "node/arguments.h"
#include "node/bindings.h"
#include "rtwq/api.h"

#include <memory>
#include <string>

namespace rtworkq {
namespace {

std::wstring message_of(DWORD code) {
  struct LocalDelete {
    void operator()(wchar_t* text) const noexcept { LocalFree(text); }
  };
  wchar_t* raw = nullptr;
  constexpr DWORD flags = FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;
  const DWORD length = FormatMessageW(flags, nullptr, code, 0, reinterpret_cast<wchar_t*>(&raw), 0, nullptr);
  const std::unique_ptr<wchar_t, LocalDelete> text(raw);
  std::wstring message(text.get() ? text.get() : L"", length);
  while (!message.empty() && message.back() <= L' ') message.pop_back();
  return message;
}

}  // namespace

Napi::Value describe(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Library& dll = library();
  auto description = Napi::Object::New(env);
  description["usable"] = dll.usable();
  description["loadError"] = dll.load_error;
  description["missingFunction"] =
      dll.missing_function ? Napi::Value(Napi::String::New(env, dll.missing_function)) : env.Null();
  const char* wine = wine_version();
  description["wineVersion"] = wine ? Napi::Value(Napi::String::New(env, wine)) : env.Null();
  if (dll.module) {
    description["path"] = to_js(env, dll.path());
    std::string dotted;
    for (const std::uint16_t part : dll.version().value_or(std::array<std::uint16_t, 4>{})) {
      dotted += (dotted.empty() ? "" : ".") + std::to_string(part);
    }
    description["version"] = dotted;
  }
  return description;
}

Napi::Value system_message(const Napi::CallbackInfo& info) {
  return to_js(info.Env(), message_of(info[0].As<Napi::Number>().Uint32Value()));
}

Napi::Value function_names(Napi::Env env) {
  auto names = Napi::Array::New(env, kFunctionNames.size());
  for (std::uint32_t index = 0; index < kFunctionNames.size(); ++index) names[index] = kFunctionNames[index];
  return names;
}

}  // namespace rtworkq
