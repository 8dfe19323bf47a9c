// An addon with native work that records when and on which thread it ran. `run` runs on queue threads, `release` on any
// thread, everything else on JavaScript threads.

#include <windows.h>

#include <napi.h>
#include <rtworkq_work.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <mutex>
#include <vector>

namespace {

double milliseconds() {
  LARGE_INTEGER now;
  LARGE_INTEGER frequency;
  QueryPerformanceCounter(&now);
  QueryPerformanceFrequency(&frequency);
  return static_cast<double>(now.QuadPart) * 1'000.0 / static_cast<double>(frequency.QuadPart);
}

struct Call {
  DWORD thread;
  double started;
  double ended;
  std::int32_t status;
  std::uint32_t index;
};

/// The ids of all recorders, from any thread, that still exist.
class LiveRecorders {
 public:
  std::uint32_t enter() {
    const std::scoped_lock lock(mutex_);
    ids_.push_back(++last_);
    return last_;
  }

  void leave(std::uint32_t id) noexcept {
    const std::scoped_lock lock(mutex_);
    std::erase(ids_, id);
  }

  std::vector<std::uint32_t> ids() {
    const std::scoped_lock lock(mutex_);
    return ids_;
  }

 private:
  std::mutex mutex_;
  std::uint32_t last_{0};
  std::vector<std::uint32_t> ids_;
} live_recorders;

/// The work's context. The JavaScript value, each start of the work, and the recorder's functions hold references.
class Recorder {
 public:
  Recorder(DWORD duration, std::int32_t answer, HANDLE event, HANDLE gate)
      : duration_(duration), answer_(answer), event_(event), gate_(gate) {}

  std::uint32_t id() const noexcept { return id_; }

  void retain() noexcept { ++references_; }

  void release() noexcept {
    if (--references_ == 0) delete this;
  }

  std::int32_t run(std::int32_t status, std::uint32_t index) {
    const double started = milliseconds();
    ++begun_;
    if (gate_) WaitForSingleObject(gate_, INFINITE);
    // Sleep() may return up to a clock tick early.
    for (double left = duration_; left > 0; left = started + duration_ - milliseconds()) {
      Sleep(static_cast<DWORD>(std::ceil(left)));
    }
    {
      const std::scoped_lock lock(mutex_);
      calls_.push_back({GetCurrentThreadId(), started, milliseconds(), status, index});
    }
    if (event_) SetEvent(event_);
    return answer_;
  }

  std::uint32_t begun() const noexcept { return begun_; }

  std::vector<Call> calls() {
    const std::scoped_lock lock(mutex_);
    return calls_;
  }

  rtworkq_work description() noexcept {
    return {sizeof(rtworkq_work), this,
            [](void* context, std::int32_t status, std::uint32_t index) {
              return static_cast<Recorder*>(context)->run(status, index);
            },
            [](void* context) { static_cast<Recorder*>(context)->retain(); },
            [](void* context) { static_cast<Recorder*>(context)->release(); }};
  }

 private:
  ~Recorder() {
    for (const HANDLE handle : {event_, gate_}) {
      if (handle) CloseHandle(handle);
    }
    live_recorders.leave(id_);
  }

  const std::uint32_t id_{live_recorders.enter()};
  const DWORD duration_;
  const std::int32_t answer_;
  const HANDLE event_;
  const HANDLE gate_;
  std::atomic<int> references_{1};
  std::atomic<std::uint32_t> begun_{0};
  std::mutex mutex_;
  std::vector<Call> calls_;
};

Napi::Value begun(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<Recorder*>(info.Data())->begun());
}

Napi::Value calls(const Napi::CallbackInfo& info) {
  auto list = Napi::Array::New(info.Env());
  for (const Call& call : static_cast<Recorder*>(info.Data())->calls()) {
    auto entry = Napi::Object::New(info.Env());
    entry["thread"] = call.thread;
    entry["started"] = call.started;
    entry["ended"] = call.ended;
    entry["status"] = static_cast<std::uint32_t>(call.status);
    entry["index"] = call.index;
    list[list.Length()] = entry;
  }
  return list;
}

/// A function that holds a reference to the recorder.
template <auto function>
Napi::Function method_of(Napi::Env env, const char* name, Recorder* recorder) {
  auto method = Napi::Function::New<function>(env, name, recorder);
  recorder->retain();
  method.AddFinalizer([](Napi::Env, Recorder* data) { data->release(); }, recorder);
  return method;
}

/// Opens the event that a call names, if it names one.
HANDLE open_event(Napi::Env env, Napi::Value name, DWORD access) {
  if (!name.IsString()) return nullptr;
  const std::string text = name.As<Napi::String>();
  HANDLE event = OpenEventA(access, FALSE, text.c_str());
  if (!event) throw Napi::Error::New(env, "There is no such event.");
  return event;
}

/// (milliseconds, hresult, name of an event to set afterwards, name of an event to wait for first) =>
/// { id, work, begun(), calls() }. Either name may be undefined.
Napi::Value make_recorder(const Napi::CallbackInfo& info) {
  const auto answer = static_cast<std::int32_t>(info[1].As<Napi::Number>().Uint32Value());
  HANDLE event = open_event(info.Env(), info[2], EVENT_MODIFY_STATE);
  HANDLE gate = open_event(info.Env(), info[3], SYNCHRONIZE);
  auto* recorder = new Recorder(info[0].As<Napi::Number>().Uint32Value(), answer, event, gate);
  const rtworkq_work work = recorder->description();
  napi_value value = nullptr;
  if (rtworkq_create_work(info.Env(), &work, &value) != napi_ok) throw Napi::Error::New(info.Env());
  auto result = Napi::Object::New(info.Env());
  result["id"] = recorder->id();
  result["work"] = value;
  result["begun"] = method_of<begun>(info.Env(), "begun", recorder);
  result["calls"] = method_of<calls>(info.Env(), "calls", recorder);
  return result;
}

/// () => a value that looks like native work but is not
Napi::Value make_impostor(const Napi::CallbackInfo& info) {
  static rtworkq_work work{};
  return Napi::External<rtworkq_work>::New(info.Env(), &work);
}

/// () => the thread that runs this
Napi::Value current_thread(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), GetCurrentThreadId());
}

/// () => the ids of the recorders that still exist
Napi::Value list_live_recorders(const Napi::CallbackInfo& info) {
  auto list = Napi::Array::New(info.Env());
  for (const std::uint32_t id : live_recorders.ids()) list[list.Length()] = id;
  return list;
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  exports["makeRecorder"] = Napi::Function::New<make_recorder>(env);
  exports["makeImpostor"] = Napi::Function::New<make_impostor>(env);
  exports["currentThread"] = Napi::Function::New<current_thread>(env);
  exports["liveRecorders"] = Napi::Function::New<list_live_recorders>(env);
  return exports;
}

}  // namespace

NODE_API_MODULE(work_addon, initialize)
