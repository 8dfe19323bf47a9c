// Who may use a new object. Any thread.

#pragma once

#include "base/outcome.h"

#include <windows.h>

#include <memory>
#include <string>

namespace rtworkq {

class Security {
 public:
  Security() noexcept = default;

  /// Reads a security descriptor in SDDL, Windows' language for them.
  static Outcome parse(const wchar_t* text, Security& security);

  /// For functions that create objects. Null if nothing was parsed.
  SECURITY_ATTRIBUTES* get() noexcept { return descriptor_ ? &attributes_ : nullptr; }

 private:
  struct Free {
    void operator()(void* memory) const noexcept { LocalFree(memory); }
  };

  std::unique_ptr<void, Free> descriptor_;
  SECURITY_ATTRIBUTES attributes_{sizeof(SECURITY_ATTRIBUTES), nullptr, FALSE};
};

/// The security identifiers of this process, as SDDL has them; empty if it has none.
struct ProcessIdentity {
  std::wstring user;
  /// That of the logon: all programs that this user has started since, with or without elevation. Services have none.
  std::wstring logon;
};

ProcessIdentity process_identity();

}  // namespace rtworkq
