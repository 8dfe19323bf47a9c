// Checks periodic callbacks, deadlines, joined files, faults and counters. Main thread.

#include "check/harness.h"

#include <atomic>
#include <cstdlib>

namespace check {
namespace {

/// Counts calls of the periodic callbacks.
class Counter final : public rtworkq::ComObject<IUnknown> {
 public:
  Tally calls;
};

void WINAPI count_period(IUnknown* context) { static_cast<Counter*>(context)->calls.add(); }

void check_periodic() {
  const RunningPlatform running;
  const auto counter = rtworkq::make<Counter>();
  DWORD key = 0;
  expect("periodic: add", rtwq().RtwqAddPeriodicCallback(count_period, counter.get(), &key), S_OK);
  expect("periodic: key and reference", key != 0 && references(*counter) == 2);
  Sleep(300);
  const LONG calls = counter->calls.count();
  expect("periodic: about every 10 ms", calls >= 10 && calls <= 31);
  expect("periodic: remove", rtwq().RtwqRemovePeriodicCallback(key), S_OK);
  const LONG at_removal = counter->calls.count();
  Sleep(50);
  expect("periodic: at most one call after that", counter->calls.count() <= at_removal + 1);
  expect("periodic: releases its context", references(*counter) == 1);
  expect("periodic: removed twice", rtwq().RtwqRemovePeriodicCallback(key), RTWQ_E_NOT_FOUND);
  expect("periodic: no callback", rtwq().RtwqAddPeriodicCallback(nullptr, nullptr, &key), E_POINTER);

  for (int index = 0; index < 100; ++index) {
    rtwq().RtwqAddPeriodicCallback(count_period, counter.get(), &key);
    if (index % 10 == 0) Sleep(10);
    rtwq().RtwqRemovePeriodicCallback(key);
  }
  rtwq().RtwqAddPeriodicCallback(count_period, counter.get(), &key);
  Sleep(15);
  rtwq().RtwqShutdown();
  Sleep(30);
  expect("periodic: a shutdown releases the context", references(*counter) == 1);
  rtwq().RtwqStartup();
}

void check_deadlines() {
  const RunningPlatform running;
  HANDLE request = nullptr;
  expect("deadline: set", rtwq().RtwqSetDeadline(kMultithreaded, 10'000, &request), S_OK);
  expect("deadline: a handle", request != nullptr);
  expect("deadline: cancel", rtwq().RtwqCancelDeadline(request), S_OK);
  expect("deadline: cancelled twice", rtwq().RtwqCancelDeadline(request), E_INVALIDARG);
  expect("deadline: 0", rtwq().RtwqSetDeadline(kMultithreaded, 0, &request), E_INVALIDARG);
  expect("deadline: unknown queue", rtwq().RtwqSetDeadline(kUnknownQueue, 1, &request), RTWQ_E_INVALID_WORKQUEUE);
  expect("deadline 2: set", rtwq().RtwqSetDeadline2(kMultithreaded, 10'000, 10'000, &request), S_OK);
  expect("deadline 2: negative pre-deadline", rtwq().RtwqSetDeadline2(kMultithreaded, 10'000, -1, &request),
         E_INVALIDARG);
  expect("deadline 2: pre-deadline after the deadline",
         rtwq().RtwqSetDeadline2(kMultithreaded, 10'000, 10'001, &request), E_INVALIDARG);
  expect("deadline: cancel the second", rtwq().RtwqCancelDeadline(request), S_OK);
}

/// Both ends of a named pipe.
struct Pipe {
  explicit Pipe(DWORD flags)
      : server(CreateNamedPipeW(L"\\\\.\\pipe\\rtworkq-stand-in-check", PIPE_ACCESS_INBOUND | flags, PIPE_TYPE_BYTE, 1,
                                512, 512, 0, nullptr)),
        client(CreateFileW(L"\\\\.\\pipe\\rtworkq-stand-in-check", GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, 0,
                           nullptr)) {}
  ~Pipe() {
    if (client) CloseHandle(client);
    CloseHandle(server);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  const HANDLE server;
  HANDLE client;
};

void check_join() {
  const RunningPlatform running;
  HANDLE cookie = nullptr;
  {
    const Pipe blocking(0);
    expect("join: a file without overlapped I/O",
           FAILED(rtwq().RtwqJoinWorkQueue(kStandard, blocking.server, &cookie)));
  }
  Pipe pipe(FILE_FLAG_OVERLAPPED);
  expect("join: unknown queue", rtwq().RtwqJoinWorkQueue(kUnknownQueue, pipe.server, &cookie),
         RTWQ_E_INVALID_WORKQUEUE);
  expect("join: a pipe", rtwq().RtwqJoinWorkQueue(kStandard, pipe.server, &cookie), S_OK);
  HANDLE second = nullptr;
  expect("join: twice", FAILED(rtwq().RtwqJoinWorkQueue(kStandard, pipe.server, &second)));

  Tally done;
  std::atomic<DWORD> bytes{0};
  std::atomic<HRESULT> status{E_FAIL};
  char buffer[16] = "";
  const auto result = make_result(kStandard, [&](IRtwqAsyncResult& each) {
    bytes = static_cast<RTWQASYNCRESULT&>(each).dwBytesTransferred;
    status = each.GetStatus();
    done.add();
  });
  auto& data = static_cast<RTWQASYNCRESULT&>(*result);
  ReadFile(pipe.server, buffer, sizeof(buffer), nullptr, &data.overlapped);
  DWORD written = 0;
  WriteFile(pipe.client, "hello", 5, &written, nullptr);
  expect("join: completed read", done.reaches(1) && bytes == 5 && status == S_OK && std::string(buffer, 5) == "hello");

  data.overlapped = {};
  ReadFile(pipe.server, buffer, sizeof(buffer), nullptr, &data.overlapped);
  CloseHandle(std::exchange(pipe.client, nullptr));
  expect("join: failed read", done.reaches(2) && status == HRESULT_FROM_WIN32(ERROR_BROKEN_PIPE));

  expect("join: unjoin from another queue", rtwq().RtwqUnjoinWorkQueue(kMultithreaded, cookie), E_INVALIDARG);
  expect("join: unjoin", rtwq().RtwqUnjoinWorkQueue(kStandard, cookie), S_OK);
  expect("join: unjoin twice", rtwq().RtwqUnjoinWorkQueue(kStandard, cookie), E_INVALIDARG);
}

void check_faults() {
  const RunningPlatform running;
  SetEnvironmentVariableA("RTWORKQ_FAULT", "RtwqLockWorkQueue=80004005;RtwqSetDeadline=8007000e");
  HANDLE request = nullptr;
  expect("fault: the first", rtwq().RtwqLockWorkQueue(kStandard), E_FAIL);
  expect("fault: the second", rtwq().RtwqSetDeadline(kStandard, 1, &request), E_OUTOFMEMORY);
  expect("fault: other functions work", rtwq().RtwqUnlockWorkQueue(kStandard), S_OK);
  SetEnvironmentVariableA("RTWORKQ_FAULT", nullptr);
  expect("fault: cleared", rtwq().RtwqLockWorkQueue(kStandard), S_OK);

  const auto calls = [] {
    char buffer[16] = "0";
    GetEnvironmentVariableA("RTWORKQ_CALLS_RtwqLockWorkQueue", buffer, sizeof(buffer));
    return std::atoi(buffer);
  };
  const int before = calls();
  Tally done;
  for (int index = 0; index < 100; ++index) {
    put(kMultithreaded, [&](auto&) {
      rtwq().RtwqLockWorkQueue(kMultithreaded);
      done.add();
    });
  }
  expect("counters: count calls on all threads", done.reaches(100) && calls() == before + 100);
}

}  // namespace

void check_other() {
  check_periodic();
  check_deadlines();
  check_join();
  check_faults();
}

}  // namespace check
