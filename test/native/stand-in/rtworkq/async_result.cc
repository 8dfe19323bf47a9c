// Runs on any thread.

#include "rtworkq/async_result.h"

#include "rtworkq/work_queues.h"

namespace stand_in {
namespace {

template <class T>
ComPtr<T> share_or_null(T* pointer) noexcept {
  return pointer ? ComPtr<T>::share(*pointer) : ComPtr<T>();
}

HRESULT hand_out(const ComPtr<IUnknown>& held, IUnknown** out) noexcept {
  if (!out) return E_POINTER;
  *out = held.get();
  if (!*out) return E_POINTER;
  (*out)->AddRef();
  return S_OK;
}

RTWQASYNCRESULT& data_of(IRtwqAsyncResult& result) noexcept { return static_cast<RTWQASYNCRESULT&>(result); }

}  // namespace

AsyncResult::AsyncResult(IUnknown* object, IRtwqAsyncCallback* callback, IUnknown* state) noexcept
    : object_(share_or_null(object)), state_(share_or_null(state)) {
  overlapped = {};
  pCallback = callback;
  hrStatusResult = S_OK;
  dwBytesTransferred = 0;
  hEvent = nullptr;
  if (pCallback) pCallback->AddRef();
}

AsyncResult::~AsyncResult() {
  if (pCallback) pCallback->Release();
}

HRESULT AsyncResult::QueryInterface(REFIID id, void** object) noexcept {
  if (!object) return E_POINTER;
  *object = nullptr;
  if (!IsEqualIID(id, __uuidof(IUnknown)) && !IsEqualIID(id, __uuidof(IRtwqAsyncResult))) return E_NOINTERFACE;
  *object = static_cast<IRtwqAsyncResult*>(this);
  AddRef();
  return S_OK;
}

HRESULT AsyncResult::GetState(IUnknown** state) noexcept { return hand_out(state_, state); }

HRESULT AsyncResult::GetStatus() noexcept { return hrStatusResult; }

HRESULT AsyncResult::SetStatus(HRESULT status) noexcept {
  hrStatusResult = status;
  return S_OK;
}

HRESULT AsyncResult::GetObject(IUnknown** object) noexcept { return hand_out(object_, object); }

IUnknown* AsyncResult::GetStateNoAddRef() noexcept { return state_.get(); }

HRESULT check_result(IRtwqAsyncResult* result) noexcept {
  return result && data_of(*result).pCallback ? S_OK : E_POINTER;
}

DWORD queue_of(IRtwqAsyncResult& result) noexcept {
  DWORD flags = 0;
  DWORD queue = 0;
  const HRESULT known = data_of(result).pCallback->GetParameters(&flags, &queue);
  return SUCCEEDED(known) ? queue : kStandardQueue;
}

Work invocation_of(ComPtr<IRtwqAsyncResult> result) {
  return [result = std::move(result)] { data_of(*result).pCallback->Invoke(result.get()); };
}

}  // namespace stand_in
