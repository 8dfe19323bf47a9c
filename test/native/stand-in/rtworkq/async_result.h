// The async result that RtwqCreateAsyncResult gives, and what is done with any async result. Foreign ones are let pass
// too: whoever implements IRtwqAsyncResult starts with a RTWQASYNCRESULT, so the documentation says.
//
// An async result owns its object, callback and state. Whoever waits with it owns a reference to it. Any thread.

#pragma once

#include "rtworkq/threads.h"
#include "rtwq/com.h"

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

/// E_POINTER unless there is a callback that could be invoked.
HRESULT check_result(IRtwqAsyncResult* result) noexcept;

/// The queue that the result's callback names in GetParameters: the standard queue where it has no opinion.
DWORD queue_of(IRtwqAsyncResult& result) noexcept;

/// Invokes the result's callback, and lets go of the result.
Work invocation_of(ComPtr<IRtwqAsyncResult> result);

}  // namespace stand_in
