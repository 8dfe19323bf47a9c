// Detects handles that libuv owns: RtwqJoinWorkQueue would take their completions away from Node. The host program
// contains libuv and usually exports its functions; if it does not, no handle is detected. JavaScript thread.

#include "node/arguments.h"
#include "node/bindings.h"
#include "rtwq/api.h"

struct uv_handle_s;

namespace rtworkq {
namespace {

struct Libuv {
  void (*walk)(uv_loop_s*, void (*)(uv_handle_s*, void*), void*) = nullptr;
  int (*file_number)(const uv_handle_s*, HANDLE*) = nullptr;
  HANDLE (*os_handle)(int) = nullptr;

  Libuv() {
    HMODULE host = GetModuleHandleW(L"libnode.dll");
    if (!host) host = GetModuleHandleW(nullptr);
    walk = resolve<decltype(walk)>(host, "uv_walk");
    file_number = resolve<decltype(file_number)>(host, "uv_fileno");
    os_handle = resolve<decltype(os_handle)>(host, "uv_get_osfhandle");
  }
};

/// Files: libuv identifies them by C library file descriptors.
bool is_file_of(const Libuv& libuv, HANDLE handle) {
  constexpr int kMaxFiles = 8192;  // the C library's limit
  // libuv returns INVALID_HANDLE_VALUE for unused descriptors.
  if (!libuv.os_handle || handle == INVALID_HANDLE_VALUE) return false;
  for (int file = 0; file < kMaxFiles; ++file) {
    if (libuv.os_handle(file) == handle) return true;
  }
  return false;
}

/// Pipes, sockets and terminals in this thread's event loop.
bool is_stream_of(const Libuv& libuv, HANDLE handle, uv_loop_s* loop) {
  struct Search {
    const Libuv& libuv;
    HANDLE wanted;
    bool found;
  } search{libuv, handle, false};
  if (!libuv.walk || !libuv.file_number) return false;
  const auto look = [](uv_handle_s* each, void* data) {
    auto& looking = *static_cast<Search*>(data);
    HANDLE found = nullptr;
    if (looking.libuv.file_number(each, &found) == 0 && found == looking.wanted) looking.found = true;
  };
  libuv.walk(loop, look, &search);
  return search.found;
}

}  // namespace

Napi::Value is_libuv_handle(const Napi::CallbackInfo& info) {
  static const Libuv libuv;
  const HANDLE handle = raw_handle(info[0]);
  uv_loop_s* loop = nullptr;
  const bool has_loop = napi_get_uv_event_loop(info.Env(), &loop) == napi_ok;
  const bool known = is_file_of(libuv, handle) || (has_loop && is_stream_of(libuv, handle, loop));
  return Napi::Boolean::New(info.Env(), known);
}

}  // namespace rtworkq
