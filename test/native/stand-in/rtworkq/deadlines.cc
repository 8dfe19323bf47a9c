// Runs on callers' threads.

#include "rtworkq/deadlines.h"

namespace stand_in {

HRESULT Deadlines::set(LONGLONG deadline, LONGLONG pre_deadline, HANDLE& request) {
  if (deadline <= 0 || pre_deadline < 0 || pre_deadline > deadline) return E_INVALIDARG;
  const Guard guard(lock_);
  request = reinterpret_cast<HANDLE>(last_ += 4);
  requests_.insert(request);
  return S_OK;
}

HRESULT Deadlines::cancel(HANDLE request) {
  const Guard guard(lock_);
  return requests_.erase(request) == 1 ? S_OK : E_INVALIDARG;
}

}  // namespace stand_in
