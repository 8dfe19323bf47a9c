// take_completions() runs on the port's thread, which owns a reference to this object until it ends; everything else
// runs on callers' threads.

#include "rtworkq/joined_files.h"

#include "rtworkq/async_result.h"

namespace stand_in {
namespace {

// A completion key that no file has: ends the thread.
constexpr ULONG_PTR kEnd = 0;

}  // namespace

/// With the lock held.
HRESULT JoinedFiles::ensure_port() {
  if (port_) return S_OK;
  port_.reset(CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1));
  if (!port_) return HRESULT_FROM_WIN32(GetLastError());
  run_on_own_thread([self = shared_from_this()] { self->take_completions(); });
  return S_OK;
}

HRESULT JoinedFiles::join(DWORD id, std::shared_ptr<WorkQueue> queue, HANDLE file, HANDLE& cookie) {
  const Guard guard(lock_);
  if (closed_) return RTWQ_E_SHUTDOWN;
  if (const HRESULT made = ensure_port(); FAILED(made)) return made;
  const ULONG_PTR key = ++last_key_;
  if (!CreateIoCompletionPort(file, port_.get(), key, 0)) return HRESULT_FROM_WIN32(GetLastError());
  files_.emplace(key, File{id, std::move(queue)});
  cookie = reinterpret_cast<HANDLE>(key);
  return S_OK;
}

HRESULT JoinedFiles::unjoin(DWORD id, HANDLE cookie) {
  std::map<ULONG_PTR, File>::node_type unjoined;
  const Guard guard(lock_);
  const auto found = files_.find(reinterpret_cast<ULONG_PTR>(cookie));
  if (found == files_.end() || found->second.id != id) return E_INVALIDARG;
  unjoined = files_.extract(found);
  return S_OK;
}

void JoinedFiles::close() {
  std::map<ULONG_PTR, File> dropped;
  const Guard guard(lock_);
  closed_ = true;
  dropped.swap(files_);
  if (port_) PostQueuedCompletionStatus(port_.get(), 0, kEnd, nullptr);
}

std::shared_ptr<WorkQueue> JoinedFiles::queue_of_file(ULONG_PTR key) {
  const Guard guard(lock_);
  const auto found = files_.find(key);
  return found == files_.end() ? nullptr : found->second.queue;
}

void JoinedFiles::take_completions() {
  for (;;) {
    DWORD bytes = 0;
    ULONG_PTR key = kEnd;
    OVERLAPPED* overlapped = nullptr;
    const BOOL succeeded = GetQueuedCompletionStatus(port_.get(), &bytes, &key, &overlapped, INFINITE);
    const DWORD error = succeeded ? ERROR_SUCCESS : GetLastError();
    if (key == kEnd) return;
    const auto queue = queue_of_file(key);
    if (!queue || !overlapped) continue;
    auto& result = *CONTAINING_RECORD(overlapped, RTWQASYNCRESULT, overlapped);
    result.dwBytesTransferred = bytes;
    result.hrStatusResult = HRESULT_FROM_WIN32(error);
    if (FAILED(check_result(&result))) continue;
    queue->put(0, invocation_of(ComPtr<IRtwqAsyncResult>::share(result)));
  }
}

}  // namespace stand_in
