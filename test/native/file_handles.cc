// Invoke runs on a queue thread, everything else on JavaScript threads.

#include "file_handles.h"

#include "base/com.h"
#include "rtwq/api.h"

#include <array>
#include <cstdint>
#include <string>

namespace {

using rtworkq::api;
using rtworkq::ComPtr;

HANDLE handle_of(const Napi::Value& value) {
  bool lossless = false;
  return reinterpret_cast<HANDLE>(static_cast<UINT_PTR>(value.As<Napi::BigInt>().Uint64Value(&lossless)));
}

class Read final : public rtworkq::ComObject<IRtwqAsyncCallback> {
 public:
  Read(DWORD queue, HANDLE event) noexcept : queue_(queue), event_(event) {}

  bool start(HANDLE file) {
    if (FAILED(api().RtwqCreateAsyncResult(nullptr, this, nullptr, result_.put()))) return false;
    auto* overlapped = &static_cast<RTWQASYNCRESULT*>(result_.get())->overlapped;
    return ReadFile(file, buffer_.data(), static_cast<DWORD>(buffer_.size()), nullptr, overlapped) ||
           GetLastError() == ERROR_IO_PENDING;
  }

  HRESULT STDMETHODCALLTYPE GetParameters(DWORD* flags, DWORD* queue) noexcept override {
    *flags = 0;
    *queue = queue_;
    return S_OK;
  }

  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult* result) noexcept override {
    thread_ = GetCurrentThreadId();
    bytes_ = static_cast<RTWQASYNCRESULT*>(result)->dwBytesTransferred;
    status_ = result->GetStatus();
    SetEvent(event_);
    return S_OK;
  }

  Napi::Value outcome(Napi::Env env) {
    auto outcome = Napi::Object::New(env);
    outcome["thread"] = thread_;
    outcome["status"] = static_cast<std::uint32_t>(status_);
    outcome["text"] = std::string(buffer_.data(), bytes_);
    return outcome;
  }

 private:
  const DWORD queue_;
  const HANDLE event_;
  ComPtr<IRtwqAsyncResult> result_;
  std::array<char, 256> buffer_{};
  DWORD thread_ = 0;
  DWORD bytes_ = 0;
  HRESULT status_ = E_PENDING;
};

}  // namespace

Napi::Value open_overlapped(const Napi::CallbackInfo& info) {
  const std::u16string path = info[0].As<Napi::String>();
  const HANDLE file = CreateFileW(reinterpret_cast<const wchar_t*>(path.c_str()), GENERIC_READ, FILE_SHARE_READ,
                                  nullptr, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, nullptr);
  if (file == INVALID_HANDLE_VALUE) throw Napi::Error::New(info.Env(), "The file could not be opened.");
  return Napi::BigInt::New(info.Env(), static_cast<std::uint64_t>(reinterpret_cast<UINT_PTR>(file)));
}

Napi::Value read_on_queue(const Napi::CallbackInfo& info) {
  auto read = rtworkq::make<Read>(info[1].As<Napi::Number>().Uint32Value(), handle_of(info[2]));
  if (!read->start(handle_of(info[0]))) throw Napi::Error::New(info.Env(), "The file could not be read.");
  const auto outcome = [](const Napi::CallbackInfo& called) {
    return static_cast<Read*>(called.Data())->outcome(called.Env());
  };
  // The function holds the read, which holds its async result. Both are leaked, because tests are short.
  return Napi::Function::New(info.Env(), outcome, "outcome", read.detach());
}

Napi::Value os_handle(const Napi::CallbackInfo& info) {
  using GetHandle = HANDLE (*)(int);
  const auto get = rtworkq::resolve<GetHandle>(GetModuleHandleW(nullptr), "uv_get_osfhandle");
  const HANDLE handle = get(info[0].As<Napi::Number>().Int32Value());
  return Napi::BigInt::New(info.Env(), static_cast<std::uint64_t>(reinterpret_cast<UINT_PTR>(handle)));
}
