// run() is the thread function. It shares the inbox with the executor, whose destructor may run on any thread,
// including this one.

#include "rtworkq/window_thread.h"

#include "rtworkq/unique_handle.h"

#include <new>
#include <vector>

namespace stand_in {

struct WindowThread::Inbox {
  Lock lock;
  std::vector<Work> turns;
  bool closed = false;
  const UniqueHandle news{CreateEventW(nullptr, FALSE, FALSE, nullptr)};
};

WindowThread::WindowThread() : inbox_(std::make_shared<Inbox>()) {
  if (!inbox_->news) throw std::bad_alloc();
  run_on_own_thread([inbox = inbox_] { run(*inbox); });
}

WindowThread::~WindowThread() {
  const Guard guard(inbox_->lock);
  inbox_->closed = true;
  SetEvent(inbox_->news.get());
}

void WindowThread::execute(Work turn) {
  const Guard guard(inbox_->lock);
  inbox_->turns.push_back(std::move(turn));
  SetEvent(inbox_->news.get());
}

void WindowThread::run(Inbox& inbox) {
  const HANDLE news = inbox.news.get();
  for (;;) {
    MsgWaitForMultipleObjectsEx(1, &news, INFINITE, QS_ALLINPUT, MWMO_INPUTAVAILABLE);
    MSG message;
    while (PeekMessageW(&message, nullptr, 0, 0, PM_REMOVE)) {
      TranslateMessage(&message);
      DispatchMessageW(&message);
    }
    std::vector<Work> turns;
    bool closed;
    {
      const Guard guard(inbox.lock);
      turns.swap(inbox.turns);
      closed = inbox.closed;
    }
    if (closed && turns.empty()) return;
    for (const Work& turn : turns) turn();
  }
}

}  // namespace stand_in
