// Which rights a handle needs, and whether the system enforces them.

#include "answers.h"
#include "base/handle.h"
#include "rows.h"

#include <windows.h>

#include <sddl.h>

#include <string>

namespace rtworkq::facts {
namespace {

const wchar_t* const kName = L"Local\\rtworkq-facts-rights";

/// Windows' result of a call: S_OK, or its last error.
HRESULT result_of(bool done) { return done ? S_OK : HRESULT_FROM_WIN32(GetLastError()); }

/// What everyone may do with a new object.
class Grant {
 public:
  explicit Grant(DWORD rights) {
    const std::wstring text = L"D:(A;;" + std::to_wstring(rights) + L";;;WD)";
    ConvertStringSecurityDescriptorToSecurityDescriptorW(text.c_str(), SDDL_REVISION_1,
                                                         &attributes_.lpSecurityDescriptor, nullptr);
  }
  Grant(const Grant&) = delete;
  Grant& operator=(const Grant&) = delete;
  ~Grant() { LocalFree(attributes_.lpSecurityDescriptor); }

  SECURITY_ATTRIBUTES* get() { return &attributes_; }

 private:
  SECURITY_ATTRIBUTES attributes_{sizeof(SECURITY_ATTRIBUTES), nullptr, FALSE};
};

void events() {
  Grant grant(EVENT_MODIFY_STATE);
  const UniqueHandle event(CreateEventW(grant.get(), TRUE, TRUE, kName));
  const UniqueHandle to_modify(OpenEventW(EVENT_MODIFY_STATE, FALSE, kName));
  say_result("open an event with the right that is granted", result_of(static_cast<bool>(to_modify)));
  const UniqueHandle to_wait(OpenEventW(SYNCHRONIZE, FALSE, kName));
  say_result("open an event with SYNCHRONIZE, which is not granted", result_of(static_cast<bool>(to_wait)));
  say_result("wait with a handle without SYNCHRONIZE",
             result_of(WaitForSingleObject(to_modify.get(), 0) == WAIT_OBJECT_0));
}

void withheld_change() {
  Grant grant(SYNCHRONIZE);
  const UniqueHandle event(CreateEventW(grant.get(), TRUE, FALSE, kName));
  const UniqueHandle to_wait(OpenEventW(SYNCHRONIZE, FALSE, kName));
  say_result("set an event with SYNCHRONIZE alone", result_of(SetEvent(to_wait.get()) != 0));
  const UniqueHandle to_modify(OpenEventW(EVENT_MODIFY_STATE, FALSE, kName));
  say_result("open an event to modify it, which is not granted", result_of(static_cast<bool>(to_modify)));
}

void mutexes() {
  Grant grant(SYNCHRONIZE);
  const UniqueHandle mutex(CreateMutexW(grant.get(), FALSE, kName));
  const UniqueHandle opened(OpenMutexW(SYNCHRONIZE, FALSE, kName));
  say_result("acquire a mutex with SYNCHRONIZE alone",
             result_of(WaitForSingleObject(opened.get(), 0) == WAIT_OBJECT_0));
  say_result("release a mutex with SYNCHRONIZE alone", result_of(ReleaseMutex(opened.get()) != 0));
}

void processes() {
  const UniqueHandle self(OpenProcess(SYNCHRONIZE, FALSE, GetCurrentProcessId()));
  DWORD code = 0;
  say_result("read an exit code with SYNCHRONIZE alone", result_of(GetExitCodeProcess(self.get(), &code) != 0));
}

}  // namespace

void rights() {
  events();
  withheld_change();
  mutexes();
  processes();
}

}  // namespace rtworkq::facts
