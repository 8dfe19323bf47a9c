// Runs on callers' threads. Queues are released without the lock.

#include "rtworkq/work_queues.h"

#include "common/task_groups.h"
#include "rtworkq/window_thread.h"

#include <algorithm>
#include <atomic>
#include <cwchar>

namespace stand_in {
namespace {

// Windows has some limit; this is ours.
constexpr std::size_t kMaxPrivateQueues = 512;

constexpr DWORD kPrivateMask = 0xFFFF0000;
constexpr DWORD kInternalQueues[] = {2, 3, 4};

/// Ids are never reused, not even after a shutdown, so that using an old id always fails.
DWORD new_id() {
  static std::atomic<DWORD> last{0x00010000};
  return ++last;
}

template <class E>
std::shared_ptr<WorkQueue> make_queue(WorkQueue::Order order) {
  return std::make_shared<WorkQueue>(order, std::make_shared<E>());
}

}  // namespace

WorkQueues::WorkQueues() {
  using enum WorkQueue::Order;
  entries_[kStandardQueue] = {.kind = Kind::system, .queue = make_queue<PoolExecutor>(serial)};
  entries_[kMultithreadedQueue] = {.kind = Kind::system, .queue = make_queue<PoolExecutor>(parallel)};
  entries_[kLongFunctionQueue] = {.kind = Kind::system, .queue = make_queue<LongFunctionExecutor>(parallel)};
}

std::shared_ptr<WorkQueue> WorkQueues::find(DWORD id) {
  const Guard guard(lock_);
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : found->second.queue;
}

std::shared_ptr<WorkQueue> WorkQueues::find_for_items(DWORD id) {
  if (auto queue = find(id)) return queue;
  const bool internal =
      std::find(std::begin(kInternalQueues), std::end(kInternalQueues), id) != std::end(kInternalQueues);
  return internal || (id & kPrivateMask) ? nullptr : find(kStandardQueue);
}

/// With the lock held.
HRESULT WorkQueues::add(Entry entry, DWORD& id) {
  if (closed_) return RTWQ_E_SHUTDOWN;
  const auto is_private = [](const auto& each) { return each.second.kind != Kind::system; };
  if (std::count_if(entries_.begin(), entries_.end(), is_private) >= static_cast<std::ptrdiff_t>(kMaxPrivateQueues)) {
    return E_FAIL;
  }
  id = new_id();
  entries_.emplace(id, std::move(entry));
  return S_OK;
}

HRESULT WorkQueues::allocate(RTWQ_WORKQUEUE_TYPE type, DWORD& id) {
  using enum WorkQueue::Order;
  Entry entry{.kind = Kind::plain};
  switch (type) {
    case RTWQ_STANDARD_WORKQUEUE:
      entry.queue = make_queue<PoolExecutor>(serial);
      break;
    case RTWQ_WINDOW_WORKQUEUE:
      entry.kind = Kind::window;
      entry.queue = make_queue<WindowThread>(serial);
      break;
    case RTWQ_MULTITHREADED_WORKQUEUE:
      entry.queue = make_queue<PoolExecutor>(parallel);
      break;
    default:
      return E_INVALIDARG;
  }
  const Guard guard(lock_);
  return add(std::move(entry), id);
}

HRESULT WorkQueues::allocate_serial(DWORD target, DWORD& id) {
  const Guard guard(lock_);
  const auto found = entries_.find(target);
  if (found == entries_.end()) return RTWQ_E_INVALID_WORKQUEUE;
  if (found->second.kind == Kind::window) return E_INVALIDARG;
  auto executor = std::make_shared<QueueExecutor>(found->second.queue);
  Entry serial{.kind = Kind::plain,
               .queue = std::make_shared<WorkQueue>(WorkQueue::Order::serial, std::move(executor)),
               .target = target};
  if (const HRESULT added = add(std::move(serial), id); FAILED(added)) return added;
  ++found->second.locks;
  return S_OK;
}

/// With the lock held.
WorkQueues::Entries::iterator WorkQueues::find_shared(const wchar_t* task_class, DWORD task_id) {
  return std::find_if(entries_.begin(), entries_.end(), [=](const auto& each) {
    const Entry& entry = each.second;
    const DWORD entry_task_id = entry.registration.group ? entry.registration.group->id() : 0;
    return entry.kind == Kind::shared && entry_task_id == task_id &&
           _wcsicmp(entry.registration.task_class.c_str(), task_class) == 0;
  });
}

HRESULT WorkQueues::lock_shared(const wchar_t* task_class, LONG base_priority, DWORD* task_id, DWORD& id) {
  constexpr const wchar_t* kNotForSharing = L"DisplayPostProcessing";
  const bool regular = task_class && *task_class == L'\0';
  if (!task_class || regular != !task_id || _wcsicmp(task_class, kNotForSharing) == 0) return E_INVALIDARG;

  Registration registration;
  if (regular) {
    if (base_priority != 0) return E_INVALIDARG;
  } else {
    const HRESULT joined = register_with_mmcss(task_class, *task_id, base_priority, registration);
    if (joined == HRESULT_FROM_WIN32(kErrorInvalidTaskIndex)) return E_INVALIDARG;
    if (FAILED(joined)) return joined;
  }

  const DWORD group = regular ? 0 : registration.group->id();
  Guard guard(lock_);
  if (const auto found = find_shared(task_class, group); found != entries_.end()) {
    ++found->second.locks;
    id = found->first;
  } else {
    Entry shared{.kind = Kind::shared,
                 .queue = make_queue<PoolExecutor>(WorkQueue::Order::parallel),
                 .registration = std::move(registration)};
    if (const HRESULT added = add(std::move(shared), id); FAILED(added)) return added;
  }
  if (task_id) *task_id = group;
  return S_OK;
}

HRESULT WorkQueues::lock(DWORD id) {
  const Guard guard(lock_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return RTWQ_E_INVALID_WORKQUEUE;
  ++found->second.locks;
  return S_OK;
}

HRESULT WorkQueues::unlock(DWORD id) {
  Entries::node_type unlocked;
  {
    const Guard guard(lock_);
    const auto found = entries_.find(id);
    if (found == entries_.end()) return RTWQ_E_INVALID_WORKQUEUE;
    if (found->second.kind == Kind::system || --found->second.locks > 0) return S_OK;
    unlocked = entries_.extract(found);
  }
  return unlocked.mapped().target ? unlock(unlocked.mapped().target) : S_OK;
}

HRESULT WorkQueues::registration(DWORD id, Registration& out) {
  const Guard guard(lock_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return RTWQ_E_INVALID_WORKQUEUE;
  out = found->second.registration;
  return S_OK;
}

HRESULT WorkQueues::set_registration(DWORD id, Registration registration) {
  const Guard guard(lock_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return RTWQ_E_INVALID_WORKQUEUE;
  std::swap(found->second.registration, registration);
  return S_OK;
}

void WorkQueues::set_system_registration(const Registration& registration) {
  const Guard guard(lock_);
  for (auto& [id, entry] : entries_) {
    if (entry.kind == Kind::system) entry.registration = registration;
  }
}

void WorkQueues::close() {
  Entries closed;
  const Guard guard(lock_);
  closed_ = true;
  closed.swap(entries_);
}

}  // namespace stand_in
