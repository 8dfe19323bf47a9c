// The exports of RTWorkQ.dll: every function that Windows exports by name. Runs on callers' threads. Each function
// first checks for an injected fault, then checks its pointers, then acts on the session if the platform is up.

#include "rtworkq/faults.h"
#include "rtworkq/platform.h"

#include <cwchar>
#include <new>
#include <utility>

namespace {

using namespace stand_in;

template <class Body>
HRESULT call(const char* name, Body body) noexcept {
  count_call(name);
  if (const HRESULT fault = fault_of(name); FAILED(fault)) return fault;
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return E_OUTOFMEMORY;
  }
}

template <class Body>
HRESULT call_when_up(const char* name, Body body) noexcept {
  return call(name, [&] {
    const auto session = Platform::instance().session();
    return session ? body(*session) : RTWQ_E_SHUTDOWN;
  });
}

bool is_item_priority(LONG priority) { return priority >= -1 && priority <= 1; }

ComPtr<IRtwqAsyncResult> share(IRtwqAsyncResult* result) { return ComPtr<IRtwqAsyncResult>::share(*result); }

HRESULT put(Session& session, DWORD id, LONG priority, IRtwqAsyncResult* result) {
  if (const HRESULT checked = check_result(result); FAILED(checked)) return checked;
  if (!is_item_priority(priority)) return E_INVALIDARG;
  const auto queue = session.queues().find_for_items(id);
  if (!queue) return RTWQ_E_INVALID_WORKQUEUE;
  queue->put(priority, invocation_of(share(result)));
  return S_OK;
}

/// Invokes the callback of a Begin... function, with an async result that only the matching End... function accepts.
HRESULT complete(Session& session, MmcssOperation::Kind kind, DWORD task_id, IRtwqAsyncCallback* callback,
                 IUnknown* state) {
  const auto operation = rtworkq::make<MmcssOperation>(kind, task_id);
  const auto result = rtworkq::make<AsyncResult>(operation.get(), callback, state);
  return put(session, queue_of(*result), 0, result.get());
}

HRESULT end(MmcssOperation::Kind kind, IRtwqAsyncResult* result, DWORD& task_id) {
  const auto operation = result ? MmcssOperation::of(*result, kind) : ComPtr<MmcssOperation>();
  if (!operation) return E_INVALIDARG;
  task_id = operation->task_id();
  return result->GetStatus();
}

HRESULT set_deadline(Session& session, DWORD queue, LONGLONG deadline, LONGLONG pre_deadline, HANDLE* request) {
  if (!request) return E_POINTER;
  if (!session.queues().find(queue)) return RTWQ_E_INVALID_WORKQUEUE;
  return session.deadlines().set(deadline, pre_deadline, *request);
}

}  // namespace

#define EXPORTED extern "C" __declspec(dllexport) HRESULT WINAPI

// The platform.

EXPORTED RtwqStartup() {
  return call("RtwqStartup", [] { return Platform::instance().startup(); });
}

EXPORTED RtwqShutdown() {
  return call("RtwqShutdown", [] { return Platform::instance().shutdown(); });
}

EXPORTED RtwqLockPlatform() {
  return call("RtwqLockPlatform", [] { return Platform::instance().lock(); });
}

EXPORTED RtwqUnlockPlatform() {
  return call("RtwqUnlockPlatform", [] { return Platform::instance().unlock(); });
}

EXPORTED RtwqRegisterPlatformEvents(IRtwqPlatformEvents* events) {
  return call("RtwqRegisterPlatformEvents", [=] { return Platform::instance().events().add(events); });
}

EXPORTED RtwqUnregisterPlatformEvents(IRtwqPlatformEvents* events) {
  return call("RtwqUnregisterPlatformEvents", [=] { return Platform::instance().events().remove(events); });
}

// Work items.

EXPORTED RtwqCreateAsyncResult(IUnknown* object, IRtwqAsyncCallback* callback, IUnknown* state,
                               IRtwqAsyncResult** out) {
  // Works without the platform, as on Windows.
  return call("RtwqCreateAsyncResult", [=] {
    if (!out) return E_POINTER;
    *out = new AsyncResult(object, callback, state);
    return S_OK;
  });
}

EXPORTED RtwqInvokeCallback(IRtwqAsyncResult* result) {
  return call_when_up("RtwqInvokeCallback", [=](Session& session) {
    if (const HRESULT checked = check_result(result); FAILED(checked)) return checked;
    return put(session, queue_of(*result), 0, result);
  });
}

EXPORTED RtwqPutWorkItem(DWORD queue, LONG priority, IRtwqAsyncResult* result) {
  return call_when_up("RtwqPutWorkItem", [=](Session& session) { return put(session, queue, priority, result); });
}

EXPORTED RtwqScheduleWorkItem(IRtwqAsyncResult* result, INT64 timeout, RTWQWORKITEM_KEY* key) {
  return call_when_up("RtwqScheduleWorkItem", [=](Session& session) {
    if (const HRESULT checked = check_result(result); FAILED(checked)) return checked;
    if (!key) return E_POINTER;
    auto queue = session.queues().find_for_items(queue_of(*result));
    if (!queue) return RTWQ_E_INVALID_WORKQUEUE;
    const INT64 delay = has_fault("early") ? timeout / 2 : has_fault("at-once") ? 0 : timeout;
    RTWQWORKITEM_KEY given = 0;
    if (has_fault("twice")) session.scheduled().add(queue, share(result), delay, given);
    const HRESULT scheduled = session.scheduled().add(std::move(queue), share(result), delay, given);
    if (has_fault("late-key")) Sleep(50);
    *key = given;
    return scheduled;
  });
}

EXPORTED RtwqPutWaitingWorkItem(HANDLE handle, LONG priority, IRtwqAsyncResult* result, RTWQWORKITEM_KEY* key) {
  return call_when_up("RtwqPutWaitingWorkItem", [=](Session& session) {
    if (const HRESULT checked = check_result(result); FAILED(checked)) return checked;
    if (!key) return E_POINTER;
    if (!is_item_priority(priority)) return E_INVALIDARG;
    // Microsoft's page on MFPutWaitingWorkItem disallows waits on this queue.
    if (queue_of(*result) == kLongFunctionQueue) return E_INVALIDARG;
    auto queue = session.queues().find_for_items(queue_of(*result));
    if (!queue) return RTWQ_E_INVALID_WORKQUEUE;
    return session.waiting().add(std::move(queue), handle, priority, share(result), *key);
  });
}

EXPORTED RtwqCancelWorkItem(RTWQWORKITEM_KEY key) {
  return call_when_up("RtwqCancelWorkItem", [=](Session& session) {
    return session.scheduled().cancel(key) || session.waiting().cancel(key) ? S_OK : RTWQ_E_NOT_FOUND;
  });
}

EXPORTED RtwqAddPeriodicCallback(RTWQPERIODICCALLBACK callback, IUnknown* context, DWORD* key) {
  return call_when_up("RtwqAddPeriodicCallback", [=](Session& session) {
    return callback && key ? session.periodic().add(callback, context, *key) : E_POINTER;
  });
}

EXPORTED RtwqRemovePeriodicCallback(DWORD key) {
  return call_when_up("RtwqRemovePeriodicCallback", [=](Session& session) { return session.periodic().remove(key); });
}

// Undocumented, and removed in Windows 11.

EXPORTED RtwqGetPlatform(void**) {
  return call("RtwqGetPlatform", [] { return E_NOTIMPL; });
}

EXPORTED RtwqPutMultipleWaitingWorkItem(DWORD, HANDLE*, LONG, IRtwqAsyncResult*, RTWQWORKITEM_KEY*) {
  return call("RtwqPutMultipleWaitingWorkItem", [] { return E_NOTIMPL; });
}

EXPORTED RtwqCancelMultipleWaitingWorkItem(RTWQWORKITEM_KEY) {
  return call("RtwqCancelMultipleWaitingWorkItem", [] { return E_NOTIMPL; });
}

// Work queues.

EXPORTED RtwqAllocateWorkQueue(RTWQ_WORKQUEUE_TYPE type, DWORD* queue) {
  return call_when_up("RtwqAllocateWorkQueue",
                      [=](Session& session) { return queue ? session.queues().allocate(type, *queue) : E_POINTER; });
}

EXPORTED RtwqAllocateSerialWorkQueue(DWORD target, DWORD* queue) {
  return call_when_up("RtwqAllocateSerialWorkQueue", [=](Session& session) {
    return queue ? session.queues().allocate_serial(target, *queue) : E_POINTER;
  });
}

EXPORTED RtwqLockSharedWorkQueue(const WCHAR* usage_class, LONG base_priority, DWORD* task_id, DWORD* queue) {
  return call_when_up("RtwqLockSharedWorkQueue", [=](Session& session) {
    return queue ? session.queues().lock_shared(usage_class, base_priority, task_id, *queue) : E_POINTER;
  });
}

EXPORTED RtwqLockWorkQueue(DWORD queue) {
  return call_when_up("RtwqLockWorkQueue", [=](Session& session) { return session.queues().lock(queue); });
}

EXPORTED RtwqUnlockWorkQueue(DWORD queue) {
  return call_when_up("RtwqUnlockWorkQueue", [=](Session& session) { return session.queues().unlock(queue); });
}

EXPORTED RtwqSetLongRunning(DWORD id, BOOL enable) {
  return call_when_up("RtwqSetLongRunning", [=](Session& session) {
    const auto queue = session.queues().find(id);
    if (!queue) return RTWQ_E_INVALID_WORKQUEUE;
    queue->set_long_running(enable);
    return S_OK;
  });
}

EXPORTED RtwqJoinWorkQueue(DWORD id, HANDLE file, HANDLE* cookie) {
  return call_when_up("RtwqJoinWorkQueue", [=](Session& session) {
    if (!cookie) return E_POINTER;
    auto queue = session.queues().find(id);
    return queue ? session.files().join(id, std::move(queue), file, *cookie) : RTWQ_E_INVALID_WORKQUEUE;
  });
}

EXPORTED RtwqUnjoinWorkQueue(DWORD queue, HANDLE cookie) {
  return call_when_up("RtwqUnjoinWorkQueue", [=](Session& session) { return session.files().unjoin(queue, cookie); });
}

EXPORTED RtwqSetDeadline(DWORD queue, LONGLONG deadline, HANDLE* request) {
  return call_when_up("RtwqSetDeadline",
                      [=](Session& session) { return set_deadline(session, queue, deadline, 0, request); });
}

EXPORTED RtwqSetDeadline2(DWORD queue, LONGLONG deadline, LONGLONG pre_deadline, HANDLE* request) {
  return call_when_up("RtwqSetDeadline2",
                      [=](Session& session) { return set_deadline(session, queue, deadline, pre_deadline, request); });
}

EXPORTED RtwqCancelDeadline(HANDLE request) {
  return call_when_up("RtwqCancelDeadline", [=](Session& session) { return session.deadlines().cancel(request); });
}

// MMCSS.

EXPORTED RtwqBeginRegisterWorkQueueWithMMCSS(DWORD queue, const WCHAR* usage_class, DWORD task_id, LONG priority,
                                             IRtwqAsyncCallback* callback, IUnknown* state) {
  return call_when_up("RtwqBeginRegisterWorkQueueWithMMCSS", [=](Session& session) {
    if (!callback) return E_POINTER;
    if (!session.queues().find(queue)) return RTWQ_E_INVALID_WORKQUEUE;
    Registration registration;
    HRESULT registered = register_with_mmcss(usage_class, task_id, priority, registration);
    if (FAILED(registered)) return registered;
    const DWORD joined = registration.group->id();
    registered = session.queues().set_registration(queue, std::move(registration));
    if (FAILED(registered)) return registered;
    return complete(session, MmcssOperation::Kind::registration, joined, callback, state);
  });
}

EXPORTED RtwqEndRegisterWorkQueueWithMMCSS(IRtwqAsyncResult* result, DWORD* task_id) {
  return call_when_up("RtwqEndRegisterWorkQueueWithMMCSS", [=](Session&) {
    return task_id ? end(MmcssOperation::Kind::registration, result, *task_id) : E_POINTER;
  });
}

EXPORTED RtwqBeginUnregisterWorkQueueWithMMCSS(DWORD queue, IRtwqAsyncCallback* callback, IUnknown* state) {
  return call_when_up("RtwqBeginUnregisterWorkQueueWithMMCSS", [=](Session& session) {
    if (!callback) return E_POINTER;
    const HRESULT unregistered = session.queues().set_registration(queue, {});
    if (FAILED(unregistered)) return unregistered;
    return complete(session, MmcssOperation::Kind::unregistration, 0, callback, state);
  });
}

EXPORTED RtwqEndUnregisterWorkQueueWithMMCSS(IRtwqAsyncResult* result) {
  return call_when_up("RtwqEndUnregisterWorkQueueWithMMCSS", [=](Session&) {
    DWORD none = 0;
    return end(MmcssOperation::Kind::unregistration, result, none);
  });
}

EXPORTED RtwqGetWorkQueueMMCSSClass(DWORD queue, WCHAR* usage_class, DWORD* length) {
  return call_when_up("RtwqGetWorkQueueMMCSSClass", [=](Session& session) {
    if (!length) return E_POINTER;
    Registration registration;
    if (const HRESULT found = session.queues().registration(queue, registration); FAILED(found)) return found;
    const DWORD room = std::exchange(*length, static_cast<DWORD>(registration.task_class.size() + 1));
    if (!usage_class) return S_OK;
    if (room < *length) return RTWQ_E_BUFFERTOOSMALL;
    std::wmemcpy(usage_class, registration.task_class.c_str(), *length);
    return S_OK;
  });
}

EXPORTED RtwqGetWorkQueueMMCSSTaskId(DWORD queue, DWORD* task_id) {
  return call_when_up("RtwqGetWorkQueueMMCSSTaskId", [=](Session& session) {
    if (!task_id) return E_POINTER;
    Registration registration;
    if (const HRESULT found = session.queues().registration(queue, registration); FAILED(found)) return found;
    if (!registration.group) return E_FAIL;
    *task_id = registration.group->id();
    return S_OK;
  });
}

EXPORTED RtwqGetWorkQueueMMCSSPriority(DWORD queue, LONG* priority) {
  return call_when_up("RtwqGetWorkQueueMMCSSPriority", [=](Session& session) {
    if (!priority) return E_POINTER;
    Registration registration;
    if (const HRESULT found = session.queues().registration(queue, registration); FAILED(found)) return found;
    *priority = registration.priority;
    return S_OK;
  });
}

EXPORTED RtwqRegisterPlatformWithMMCSS(const WCHAR* usage_class, DWORD* task_id, LONG priority) {
  return call_when_up("RtwqRegisterPlatformWithMMCSS", [=](Session& session) {
    if (!task_id) return E_POINTER;
    Registration registration;
    const HRESULT registered = register_with_mmcss(usage_class, *task_id, priority, registration);
    if (FAILED(registered)) return registered;
    *task_id = registration.group->id();
    session.queues().set_system_registration(registration);
    return S_OK;
  });
}

EXPORTED RtwqUnregisterPlatformFromMMCSS() {
  return call_when_up("RtwqUnregisterPlatformFromMMCSS", [](Session& session) {
    session.queues().set_system_registration({});
    return S_OK;
  });
}
