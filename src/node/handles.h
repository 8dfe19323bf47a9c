// What handles.cc and mutexes.cc share. JavaScript thread.

#pragma once

#include "handles/object.h"
#include "handles/security.h"
#include "handles/waitable.h"
#include "node/arguments.h"

#include <string>
#include <utility>

namespace rtworkq {

/// A text such as an object's name, or null if none was given.
class OptionalText {
 public:
  explicit OptionalText(const Napi::Value& value)
      : given_(value.IsString()), text_(given_ ? text(value) : std::wstring()) {}
  const wchar_t* get() const { return given_ ? text_.c_str() : nullptr; }

 private:
  const bool given_;
  const std::wstring text_;
};

/// Adds a handle to the environment's table. out: its number, whether the object is new.
inline Napi::Value add_handle(const Napi::CallbackInfo& info, const Outcome& outcome, UniqueHandle handle,
                              object::Kind kind, waitable::Origin origin = waitable::Origin::opened) {
  Environment& environment = environment_of(info);
  if (!outcome.failed()) {
    const bool may_wait = origin == waitable::Origin::created || object::may_wait(handle.get());
    environment.out(0) = environment.handles.add({std::move(handle), kind, may_wait});
  }
  environment.out(1) = origin == waitable::Origin::created;
  return to_js(info, outcome);
}

/// (name, security, ...): calls `create(identity)`, with the security descriptor.
template <class Create>
Outcome create_object(const Napi::CallbackInfo& info, Create create) {
  const OptionalText name(info[0]);
  const OptionalText descriptor(info[1]);
  Security security;
  if (descriptor.get()) {
    if (const Outcome parsed = Security::parse(descriptor.get(), security); parsed.failed()) return parsed;
  }
  return create(waitable::Identity{name.get(), security.get()});
}

inline HANDLE handle_of(const Napi::CallbackInfo& info) { return environment_of(info).handles[number(info[0])].get(); }

}  // namespace rtworkq
