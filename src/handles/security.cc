// Runs on any thread.

#include "handles/security.h"

#include "base/handle.h"

#include <sddl.h>

#include <cstdlib>

namespace rtworkq {
namespace {

/// What a token says of its process, in a buffer of that type; null if it does not say it.
template <class T>
std::unique_ptr<T, void (*)(void*)> query(HANDLE token, TOKEN_INFORMATION_CLASS information) {
  DWORD size = 0;
  GetTokenInformation(token, information, nullptr, 0, &size);
  std::unique_ptr<T, void (*)(void*)> buffer(static_cast<T*>(std::malloc(size)), std::free);
  if (size == 0 || !GetTokenInformation(token, information, buffer.get(), size, &size)) buffer.reset();
  return buffer;
}

std::wstring to_text(PSID sid) {
  wchar_t* text = nullptr;
  if (!ConvertSidToStringSidW(sid, &text)) return {};
  std::wstring copy(text);
  LocalFree(text);
  return copy;
}

}  // namespace

Outcome Security::parse(const wchar_t* text, Security& security) {
  void* descriptor = nullptr;
  if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(text, SDDL_REVISION_1, &descriptor, nullptr)) {
    return Outcome::last_error(Function::ConvertStringSecurityDescriptorToSecurityDescriptorW);
  }
  security.descriptor_.reset(descriptor);
  security.attributes_.lpSecurityDescriptor = descriptor;
  return {};
}

ProcessIdentity process_identity() {
  HANDLE opened = nullptr;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &opened)) return {};
  const UniqueHandle token(opened);
  ProcessIdentity identity;
  if (const auto user = query<TOKEN_USER>(token.get(), TokenUser)) identity.user = to_text(user->User.Sid);
  if (const auto logon = query<TOKEN_GROUPS>(token.get(), TokenLogonSid); logon && logon->GroupCount > 0) {
    identity.logon = to_text(logon->Groups[0].Sid);
  }
  return identity;
}

}  // namespace rtworkq
