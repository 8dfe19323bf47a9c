// The async result that RtwqCreateAsyncResult creates, and functions for any async result. Other implementations work
// too: according to the documentation, every IRtwqAsyncResult must start with an RTWQASYNCRESULT.
//
// An async result owns references to its object, callback and state. Pending items own a reference to it. Any thread.

#pragma once

#include "base/com.h"
#include "rtworkq/threads.h"

#include <rtworkq.h>

#include <atomic>

namespace stand_in {

using rtworkq::ComPtr;

class AsyncResult final : public rtworkq::RefCounted<RTWQASYNCRESULT> {
 public:
  AsyncResult(IUnknown* object, IRtwqAsyncCallback* callback, IUnknown* state) noexcept;

  HRESULT STDMETHODCALLTYPE QueryInterface(REFIID id, void** object) noexcept override;
  HRESULT STDMETHODCALLTYPE GetState(IUnknown** state) noexcept override;
  HRESULT STDMETHODCALLTYPE GetStatus() noexcept override;
  HRESULT STDMETHODCALLTYPE SetStatus(HRESULT status) noexcept override;
  HRESULT STDMETHODCALLTYPE GetObject(IUnknown** object) noexcept override;
  IUnknown* STDMETHODCALLTYPE GetStateNoAddRef() noexcept override;

 private:
  ~AsyncResult() override;

  const ComPtr<IUnknown> object_;
  const ComPtr<IUnknown> state_;
};

/// E_POINTER unless the result has a callback.
HRESULT check_result(IRtwqAsyncResult* result) noexcept;

/// The queue that the callback's GetParameters returns, or the standard queue if that fails.
DWORD queue_of(IRtwqAsyncResult& result) noexcept;

/// Work that invokes the result's callback. It owns a reference to the result.
Work invocation_of(ComPtr<IRtwqAsyncResult> result);

}  // namespace stand_in
