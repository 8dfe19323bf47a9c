// A native helper of the tests: it occupies the standard work queue as foreign code in the same process would, and
// tells about the process what JavaScript cannot see.

#include "file_handles.h"
#include "rtwq/api.h"
#include "rtwq/com.h"

#include <napi.h>

#include <algorithm>
#include <string>
#include <vector>

namespace {

using rtworkq::api;
using rtworkq::ComObject;
using rtworkq::ComPtr;
using rtworkq::kStandardQueue;

/// Sleeps on the queue's thread.
class Blocker final : public ComObject<IRtwqAsyncCallback> {
 public:
  explicit Blocker(DWORD milliseconds) noexcept : milliseconds_(milliseconds) {}

  HRESULT STDMETHODCALLTYPE GetParameters(DWORD* flags, DWORD* queue) noexcept override {
    *flags = 0;
    *queue = kStandardQueue;
    return S_OK;
  }

  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult*) noexcept override {
    Sleep(milliseconds_);
    return S_OK;
  }

 private:
  const DWORD milliseconds_;
};

/// (milliseconds): keeps the standard work queue busy for that long
void block_standard_queue(const Napi::CallbackInfo& info) {
  const auto blocker = rtworkq::make<Blocker>(info[0].As<Napi::Number>().Uint32Value());
  ComPtr<IRtwqAsyncResult> result;
  HRESULT outcome = api().RtwqStartup();  // for good: the helper goes with the process
  if (SUCCEEDED(outcome)) outcome = api().RtwqCreateAsyncResult(nullptr, blocker.get(), nullptr, result.put());
  if (SUCCEEDED(outcome)) outcome = api().RtwqPutWorkItem(kStandardQueue, 0, result.get());
  if (FAILED(outcome)) throw Napi::Error::New(info.Env(), "The standard work queue could not be blocked.");
}

/// () => the handles that the process has open. From the system's list of all handles: Wine has that, and has no
/// GetProcessHandleCount.
Napi::Value handle_count(const Napi::CallbackInfo& info) {
  struct Handle {
    void* object;
    ULONG_PTR process;
    ULONG_PTR value;
    ULONG others[4];
  };
  struct Handles {
    ULONG_PTR count;
    ULONG_PTR reserved;
    Handle handles[1];
  };
  constexpr ULONG kSystemExtendedHandleInformation = 64;
  constexpr LONG kLengthMismatch = static_cast<LONG>(0xC0000004);
  using Query = LONG(WINAPI*)(ULONG, void*, ULONG, ULONG*);
  const auto query = reinterpret_cast<Query>(
      reinterpret_cast<void*>(GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtQuerySystemInformation")));

  std::vector<ULONG_PTR> buffer(1 << 16);
  LONG status = kLengthMismatch;
  for (; status == kLengthMismatch; buffer.resize(buffer.size() * 2)) {
    const auto bytes = static_cast<ULONG>(buffer.size() * sizeof(ULONG_PTR));
    status = query(kSystemExtendedHandleInformation, buffer.data(), bytes, nullptr);
  }
  if (status < 0) throw Napi::Error::New(info.Env(), "The handles could not be counted.");
  const auto* list = reinterpret_cast<const Handles*>(buffer.data());
  const auto count = std::count_if(list->handles, list->handles + list->count,
                                   [](const Handle& handle) { return handle.process == GetCurrentProcessId(); });
  return Napi::Number::New(info.Env(), static_cast<double>(count));
}

/// (name) => whether the process has the module loaded. process.report tells it too, and takes seconds in Wine.
Napi::Value module_loaded(const Napi::CallbackInfo& info) {
  const std::string name = info[0].As<Napi::String>();
  return Napi::Boolean::New(info.Env(), GetModuleHandleA(name.c_str()) != nullptr);
}

/// (): frees a block twice, for those who check the heap
void double_free(const Napi::CallbackInfo&) {
  void* block = HeapAlloc(GetProcessHeap(), 0, 64);
  HeapFree(GetProcessHeap(), 0, block);
  HeapFree(GetProcessHeap(), 0, block);
}

/// () never returns: as an access violation ends a process
void crash(const Napi::CallbackInfo&) {
  RaiseException(EXCEPTION_ACCESS_VIOLATION, EXCEPTION_NONCONTINUABLE, 0, nullptr);
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  exports["blockStandardQueue"] = Napi::Function::New<block_standard_queue>(env);
  exports["handleCount"] = Napi::Function::New<handle_count>(env);
  exports["moduleLoaded"] = Napi::Function::New<module_loaded>(env);
  exports["openOverlapped"] = Napi::Function::New<open_overlapped>(env);
  exports["closeOverlapped"] = Napi::Function::New<close_overlapped>(env);
  exports["readOnQueue"] = Napi::Function::New<read_on_queue>(env);
  exports["osHandle"] = Napi::Function::New<os_handle>(env);
  exports["doubleFree"] = Napi::Function::New<double_free>(env);
  exports["crash"] = Napi::Function::New<crash>(env);
  // Loads RTWorkQ.dll, which api() expects.
  exports["usable"] = Napi::Boolean::New(env, rtworkq::library().usable());
  return exports;
}

}  // namespace

NODE_API_MODULE(test_helper, initialize)
