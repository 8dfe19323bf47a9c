// Callbacks run on queue threads, everything else on the main thread.

#include "check/harness.h"

#include <atomic>
#include <cstdio>

namespace check {
namespace {

std::atomic<int> failed{0};

class Callback final : public rtworkq::ComObject<IRtwqAsyncCallback> {
 public:
  Callback(DWORD queue, Action action) : queue_(queue), action_(std::move(action)) {}

  HRESULT STDMETHODCALLTYPE GetParameters(DWORD* flags, DWORD* queue) noexcept override {
    *flags = 0;
    *queue = queue_;
    return queue_ == kNoPreference ? E_NOTIMPL : S_OK;
  }

  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult* result) noexcept override {
    action_(*result);
    return S_OK;
  }

 private:
  const DWORD queue_;
  const Action action_;
};

class Object final : public rtworkq::RefCounted<IUnknown> {
 public:
  HRESULT STDMETHODCALLTYPE QueryInterface(REFIID, void** object) noexcept override {
    *object = nullptr;
    return E_NOINTERFACE;
  }
};

Functions resolve() {
  Functions functions;
  const HMODULE module = system_library(L"RTWorkQ.dll");
#define CHECK_RESOLVE(name) \
  functions.name = reinterpret_cast<decltype(functions.name)>(reinterpret_cast<void*>(GetProcAddress(module, #name)));
  CHECK_FUNCTIONS(CHECK_RESOLVE)
#undef CHECK_RESOLVE
  return functions;
}

}  // namespace

HMODULE system_library(const wchar_t* name) { return LoadLibraryExW(name, nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32); }

const Functions& rtwq() {
  static const Functions functions = resolve();
  return functions;
}

void expect(const std::string& name, bool held) {
  if (!held) ++failed;
  std::printf("%s  %s\n", held ? "ok    " : "FAILED", name.c_str());
}

void expect(const std::string& name, HRESULT actual, HRESULT expected) {
  expect(name, actual == expected);
  if (actual != expected) {
    std::printf("        was %08lx, not %08lx\n", static_cast<unsigned long>(actual),
                static_cast<unsigned long>(expected));
  }
}

int failures() { return failed; }

void Tally::add() noexcept {
  AcquireSRWLockExclusive(&lock_);
  ++count_;
  WakeAllConditionVariable(&added_);
  ReleaseSRWLockExclusive(&lock_);
}

LONG Tally::count() const noexcept {
  AcquireSRWLockShared(&lock_);
  const LONG count = count_;
  ReleaseSRWLockShared(&lock_);
  return count;
}

bool Tally::reaches(LONG wanted) const noexcept {
  constexpr DWORD kPatienceMs = 30'000;
  bool patient = true;
  AcquireSRWLockExclusive(&lock_);
  while (count_ < wanted && patient) {
    const LONG before = count_;
    patient = SleepConditionVariableSRW(&added_, &lock_, kPatienceMs, 0) || count_ > before;
  }
  const bool reached = count_ >= wanted;
  ReleaseSRWLockExclusive(&lock_);
  return reached;
}

ComPtr<IRtwqAsyncResult> make_result(DWORD queue, Action action, IUnknown* object, IUnknown* state) {
  const auto callback = rtworkq::make<Callback>(queue, std::move(action));
  ComPtr<IRtwqAsyncResult> result;
  rtwq().RtwqCreateAsyncResult(object, callback.get(), state, result.put());
  return result;
}

HRESULT put(DWORD queue, Action action, LONG priority) {
  return rtwq().RtwqPutWorkItem(queue, priority, make_result(queue, std::move(action)).get());
}

ComPtr<IUnknown> make_object() { return ComPtr<IUnknown>::adopt(new Object); }

ULONG references(IUnknown& object) {
  object.AddRef();
  return object.Release();
}

DWORD allocate(RTWQ_WORKQUEUE_TYPE type) {
  DWORD queue = 0;
  rtwq().RtwqAllocateWorkQueue(type, &queue);
  return queue;
}

RunningPlatform::RunningPlatform() { rtwq().RtwqStartup(); }
RunningPlatform::~RunningPlatform() { rtwq().RtwqShutdown(); }

}  // namespace check
