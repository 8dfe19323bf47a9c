// Runs on callers' threads, and on the thread that releases a queue.

#include "rtworkq/mmcss.h"

#include "common/task_groups.h"

namespace stand_in {
namespace {

// {6E6A1C3B-9B1B-4B1C-9E0B-6C0E0B0D3B1A}. Only identifies our own objects.
constexpr GUID kMmcssOperation = {0x6e6a1c3b, 0x9b1b, 0x4b1c, {0x9e, 0x0b, 0x6c, 0x0e, 0x0b, 0x0d, 0x3b, 0x1a}};

template <class F>
F avrt(const char* name) noexcept {
  // Never freed: the groups live until the process ends.
  static const HMODULE module = LoadLibraryExW(L"avrt.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  return reinterpret_cast<F>(reinterpret_cast<void*>(GetProcAddress(module, name)));
}

}  // namespace

DWORD TaskGroup::join(const wchar_t* task_class, DWORD& id, std::shared_ptr<TaskGroup>& group) {
  const auto join = avrt<JoinTaskGroup>(kJoinTaskGroup);
  // The prefix has only one of the two stand-ins.
  if (!join) return ERROR_PROC_NOT_FOUND;
  if (const DWORD error = join(task_class, &id); error != ERROR_SUCCESS) return error;
  group = std::make_shared<TaskGroup>(id);
  return ERROR_SUCCESS;
}

TaskGroup::~TaskGroup() { avrt<LeaveTaskGroup>(kLeaveTaskGroup)(id_); }

HRESULT register_with_mmcss(const wchar_t* task_class, DWORD task_id, LONG priority, Registration& registration) {
  if (!task_class || priority < -kMaxAvrtPriority || priority > kMaxAvrtPriority) return E_INVALIDARG;
  std::shared_ptr<TaskGroup> group;
  if (const DWORD error = TaskGroup::join(task_class, task_id, group); error != ERROR_SUCCESS) {
    return HRESULT_FROM_WIN32(error);
  }
  registration = {.task_class = task_class, .priority = priority, .group = std::move(group)};
  return S_OK;
}

HRESULT MmcssOperation::QueryInterface(REFIID id, void** object) noexcept {
  if (!object) return E_POINTER;
  *object = nullptr;
  if (!IsEqualIID(id, __uuidof(IUnknown)) && !IsEqualIID(id, kMmcssOperation)) return E_NOINTERFACE;
  *object = this;
  AddRef();
  return S_OK;
}

ComPtr<MmcssOperation> MmcssOperation::of(IRtwqAsyncResult& result, Kind kind) noexcept {
  ComPtr<IUnknown> object;
  void* own = nullptr;
  if (FAILED(result.GetObject(object.put())) || FAILED(object->QueryInterface(kMmcssOperation, &own))) return {};
  auto operation = ComPtr<MmcssOperation>::adopt(static_cast<MmcssOperation*>(own));
  return operation->kind_ == kind ? operation : ComPtr<MmcssOperation>();
}

}  // namespace stand_in
