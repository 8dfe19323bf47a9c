// Native helper for the tests: blocks work queues as other code in the process might, and reports things about the
// process that JavaScript cannot see. Invoke runs on a queue thread, everything else on JavaScript threads.

#include "altered_system.h"
#include "base/com.h"
#include "base/handle.h"
#include "file_handles.h"
#include "open_handles.h"
#include "process_settings.h"
#include "rtwq/api.h"
#include "shifted_timers.h"

#include <napi.h>

#include <cstdint>
#include <string>

namespace {

using rtworkq::api;
using rtworkq::ComObject;
using rtworkq::ComPtr;
using rtworkq::kStandardQueue;

/// Blocks the queue's thread until unblock() or the timeout.
class Blocker final : public ComObject<IRtwqAsyncCallback> {
 public:
  Blocker(DWORD queue, DWORD milliseconds) noexcept
      : queue_(queue), milliseconds_(milliseconds), unblock_event_(CreateEventW(nullptr, TRUE, FALSE, nullptr)) {}

  void unblock() noexcept { SetEvent(unblock_event_.get()); }

  HRESULT STDMETHODCALLTYPE GetParameters(DWORD* flags, DWORD* queue) noexcept override {
    *flags = 0;
    *queue = queue_;
    return S_OK;
  }

  HRESULT STDMETHODCALLTYPE Invoke(IRtwqAsyncResult*) noexcept override {
    WaitForSingleObject(unblock_event_.get(), milliseconds_);
    return S_OK;
  }

 private:
  const DWORD queue_;
  const DWORD milliseconds_;
  const rtworkq::UniqueHandle unblock_event_;
};

ComPtr<Blocker> block(Napi::Env env, DWORD queue, DWORD milliseconds) {
  const auto blocker = rtworkq::make<Blocker>(queue, milliseconds);
  ComPtr<IRtwqAsyncResult> result;
  HRESULT outcome = api().RtwqStartup();  // never shut down: the helper lives as long as the process
  if (SUCCEEDED(outcome)) outcome = api().RtwqCreateAsyncResult(nullptr, blocker.get(), nullptr, result.put());
  if (SUCCEEDED(outcome)) outcome = api().RtwqPutWorkItem(queue, 0, result.get());
  if (FAILED(outcome)) throw Napi::Error::New(env, "The work queue could not be blocked.");
  return blocker;
}

/// (milliseconds): keeps the standard work queue busy for that long
void block_standard_queue(const Napi::CallbackInfo& info) {
  block(info.Env(), kStandardQueue, info[0].As<Napi::Number>().Uint32Value());
}

/// (queue id, milliseconds): the same for any work queue => a function that unblocks it earlier
Napi::Value block_queue(const Napi::CallbackInfo& info) {
  const auto blocker =
      block(info.Env(), info[0].As<Napi::Number>().Uint32Value(), info[1].As<Napi::Number>().Uint32Value());
  return Napi::Function::New(info.Env(), [blocker](const Napi::CallbackInfo&) { blocker->unblock(); });
}

/// () => whether the RTWorkQ platform is up, no matter who started it
Napi::Value platform_is_up(const Napi::CallbackInfo& info) {
  DWORD queue = 0;
  const bool up = SUCCEEDED(api().RtwqAllocateWorkQueue(RTWQ_STANDARD_WORKQUEUE, &queue));
  if (up) api().RtwqUnlockWorkQueue(queue);
  return Napi::Boolean::New(info.Env(), up);
}

Napi::Value to_js(const Napi::CallbackInfo& info, HANDLE handle) {
  if (!handle || handle == INVALID_HANDLE_VALUE) throw Napi::Error::New(info.Env(), "There is no handle.");
  return Napi::BigInt::New(info.Env(), static_cast<std::uint64_t>(reinterpret_cast<UINT_PTR>(handle)));
}

/// () => a mutex
Napi::Value create_mutex(const Napi::CallbackInfo& info) { return to_js(info, CreateMutexW(nullptr, FALSE, nullptr)); }

/// () => an event handle with the right to set the event, but not to wait for it
Napi::Value create_deaf_event(const Napi::CallbackInfo& info) {
  return to_js(info, CreateEventExW(nullptr, nullptr, 0, EVENT_MODIFY_STATE));
}

/// () => a handle of a kind that cannot be waited for
Napi::Value create_section(const Napi::CallbackInfo& info) {
  return to_js(info, CreateFileMappingW(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, 4096, nullptr));
}

/// () => the handle behind Node's standard output
Napi::Value standard_output(const Napi::CallbackInfo& info) { return to_js(info, GetStdHandle(STD_OUTPUT_HANDLE)); }

/// (handle): closes a handle from one of the functions above
void close_handle(const Napi::CallbackInfo& info) {
  bool lossless = false;
  const auto value = static_cast<UINT_PTR>(info[0].As<Napi::BigInt>().Uint64Value(&lossless));
  if (!CloseHandle(reinterpret_cast<HANDLE>(value))) throw Napi::Error::New(info.Env(), "There is no such handle.");
}

/// (name) => whether the process has loaded the module. process.report also shows this, but takes seconds in Wine.
Napi::Value module_loaded(const Napi::CallbackInfo& info) {
  const std::string name = info[0].As<Napi::String>();
  return Napi::Boolean::New(info.Env(), GetModuleHandleA(name.c_str()) != nullptr);
}

/// (handle) => whether an event, semaphore or timer is signaled; takes nothing
Napi::Value is_signaled(const Napi::CallbackInfo& info) {
  using Query = LONG(WINAPI*)(HANDLE, ULONG, void*, ULONG, ULONG*);
  const HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
  const auto ask = [&](const char* function, auto& answer) {
    const auto query = reinterpret_cast<Query>(reinterpret_cast<void*>(GetProcAddress(ntdll, function)));
    bool lossless = false;
    const auto value = static_cast<UINT_PTR>(info[0].As<Napi::BigInt>().Uint64Value(&lossless));
    return query(reinterpret_cast<HANDLE>(value), 0, &answer, sizeof(answer), nullptr) >= 0;
  };
  struct {
    LONG type, state;
  } event{};
  struct {
    LONG count, maximum;
  } semaphore{};
  struct {
    LARGE_INTEGER remaining;
    BOOLEAN signaled;
  } timer{};
  if (ask("NtQueryEvent", event)) return Napi::Boolean::New(info.Env(), event.state != 0);
  if (ask("NtQuerySemaphore", semaphore)) return Napi::Boolean::New(info.Env(), semaphore.count > 0);
  if (ask("NtQueryTimer", timer)) return Napi::Boolean::New(info.Env(), timer.signaled != 0);
  throw Napi::Error::New(info.Env(), "The handle cannot be asked whether it is signaled.");
}

/// (): gives the process its own console, which only its children share
void own_console(const Napi::CallbackInfo& info) {
  FreeConsole();
  if (!AllocConsole()) throw Napi::Error::New(info.Env(), "There is no console.");
  // A process that was started in its own process group, and its children, ignore Ctrl+C by default.
  SetConsoleCtrlHandler(nullptr, FALSE);
}

/// (): sends Ctrl+C to all processes in the console, including this one
void press_ctrl_c(const Napi::CallbackInfo& info) {
  if (!GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0)) throw Napi::Error::New(info.Env(), "Ctrl+C could not be sent.");
}

/// (): frees a heap block twice, to test heap checking
void double_free(const Napi::CallbackInfo&) {
  void* block = HeapAlloc(GetProcessHeap(), 0, 64);
  HeapFree(GetProcessHeap(), 0, block);
  HeapFree(GetProcessHeap(), 0, block);
}

/// (): ends the process with an access violation
void crash(const Napi::CallbackInfo&) {
  RaiseException(EXCEPTION_ACCESS_VIOLATION, EXCEPTION_NONCONTINUABLE, 0, nullptr);
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  exports["blockStandardQueue"] = Napi::Function::New<block_standard_queue>(env);
  exports["blockQueue"] = Napi::Function::New<block_queue>(env);
  exports["platformIsUp"] = Napi::Function::New<platform_is_up>(env);
  exports["createMutex"] = Napi::Function::New<create_mutex>(env);
  exports["createDeafEvent"] = Napi::Function::New<create_deaf_event>(env);
  exports["createSection"] = Napi::Function::New<create_section>(env);
  exports["standardOutput"] = Napi::Function::New<standard_output>(env);
  exports["closeHandle"] = Napi::Function::New<close_handle>(env);
  exports["handleCount"] = Napi::Function::New<handle_count>(env);
  exports["closeDuplicates"] = Napi::Function::New<close_duplicates>(env);
  exports["securityOf"] = Napi::Function::New<security_of>(env);
  exports["secureProcess"] = Napi::Function::New<secure_process>(env);
  exports["threadCount"] = Napi::Function::New<thread_count>(env);
  exports["currentThread"] = Napi::Function::New<current_thread>(env);
  exports["createAbandonedMutex"] = Napi::Function::New<create_abandoned_mutex>(env);
  exports["mutexState"] = Napi::Function::New<mutex_state>(env);
  exports["isSignaled"] = Napi::Function::New<is_signaled>(env);
  exports["moduleLoaded"] = Napi::Function::New<module_loaded>(env);
  exports["openOverlapped"] = Napi::Function::New<open_overlapped>(env);
  exports["readOnQueue"] = Napi::Function::New<read_on_queue>(env);
  exports["osHandle"] = Napi::Function::New<os_handle>(env);
  exports["timerTick"] = Napi::Function::New<timer_tick>(env);
  exports["powerThrottling"] = Napi::Function::New<power_throttling>(env);
  exports["shiftTimers"] = Napi::Function::New<shift_timers>(env);
  exports["timersSet"] = Napi::Function::New<timers_set>(env);
  exports["alterSystem"] = Napi::Function::New<alter_system>(env);
  exports["setSystemFault"] = Napi::Function::New<set_system_fault>(env);
  exports["setIdleTime"] = Napi::Function::New<set_idle_time>(env);
  exports["systemCalls"] = Napi::Function::New<system_calls>(env);
  exports["powerEvent"] = Napi::Function::New<power_event>(env);
  exports["avrtCalls"] = Napi::Function::New<avrt_calls>(env);
  exports["pretendWindows"] = Napi::Function::New<pretend_windows>(env);
  exports["settingsCalls"] = Napi::Function::New<settings_calls>(env);
  exports["ownConsole"] = Napi::Function::New<own_console>(env);
  exports["pressCtrlC"] = Napi::Function::New<press_ctrl_c>(env);
  exports["doubleFree"] = Napi::Function::New<double_free>(env);
  exports["crash"] = Napi::Function::New<crash>(env);
  // Loads RTWorkQ.dll, which api() expects.
  exports["usable"] = Napi::Boolean::New(env, rtworkq::library().usable());
  return exports;
}

}  // namespace

NODE_API_MODULE(test_helper, initialize)
