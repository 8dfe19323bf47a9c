// One of the waiter's threads. It waits with WaitForMultipleObjects for a control event, a timer for its earliest
// deadline, and up to 62 handles of clients. WaitForMultipleObjects takes exactly the signal that it returns, and the
// same thread decides what that signal means. So nothing is lost when a wait ends early: its end is a request, which
// the thread carries out between two waits.
//
// A thread can also wait for up to 64 handles together, all or none. It has no other handles then, and requests reach
// it by an APC.
//
// Ownership: counted. The thread itself holds a reference until it ends, and so do its pool and its clients.

#pragma once

#include "base/com.h"
#include "base/handle.h"
#include "base/outcome.h"
#include "waiter/client.h"
#include "waiter/deadline_timer.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace rtworkq::waiter {

class Pool;

/// Something to run on a waiter's thread.
class Job {
 public:
  virtual void run() noexcept = 0;

 protected:
  ~Job() = default;
};

class Thread final : public RefCounted<Counted> {
 public:
  /// How many handles of clients a thread takes, besides the control event and the timer.
  static constexpr std::size_t kCapacity = MAXIMUM_WAIT_OBJECTS - 2;
  /// How many it can wait for together.
  static constexpr std::size_t kTogether = MAXIMUM_WAIT_OBJECTS;

  explicit Thread(Pool& pool) noexcept : pool_(pool) {}

  // --- The pool, under its lock ---

  /// Creates the thread; it starts to run.
  static Outcome start(Pool& pool, ComPtr<Thread>& thread);
  /// How much room a placement takes.
  static std::size_t room_for(const Placement& placement) noexcept;
  /// Reserves room for what is placed next. False if there is not enough.
  bool reserve(std::size_t room) noexcept;
  /// Adds handles, for which there must be room. Without handles, there is only a deadline.
  void place(Placement placement);
  /// Runs a job on a thread that was just started, and does not wait.
  void call_first(Job& job);
  /// Ends the thread if it has nothing to do.
  bool try_end() noexcept;

  // --- Any thread ---

  /// Asks the thread to drop a client. Does nothing if it has already.
  void remove(Client& client);
  /// Tells the thread that the machine has resumed.
  void resume();
  /// Runs a job on the thread, and waits until it has run.
  void call(Job& job);

  /// The thread's main function.
  void run() noexcept;

 private:
  enum class Kind : std::uint8_t { place, remove, resume, job };

  struct Request {
    Kind kind = Kind::place;
    Placement placement{};
    Job* job = nullptr;
    HANDLE done = nullptr;
  };

  struct Record {
    ComPtr<Client> client;
    std::int64_t deadline = kNever;
    std::size_t reserved = 0;
  };

  struct Entry {
    Client* client = nullptr;  // its record holds the reference
    std::size_t index = 0;
  };

  ~Thread() override = default;

  /// False if the thread has ended.
  bool post(Request request);

  // --- This thread. A position is a place in handles_ and entries_. ---

  void carry_out_requests() noexcept;
  void add(Placement& placement) noexcept;
  void take_out(Client& client) noexcept;
  void resume_clients() noexcept;
  /// One wait, and all signals that are there after it. False if there was nothing to do for a while.
  bool wait() noexcept;
  void wait_together() noexcept;
  void leave_together() noexcept;

  // These return the position to look at next. The handles behind a signaled one are looked at before the next wait,
  // so that a handle that is always signaled does not keep others waiting.
  std::size_t on_returned(DWORD result, std::size_t from) noexcept;
  std::size_t on_taken(std::size_t position) noexcept;
  std::size_t settle(std::size_t position, Then then) noexcept;

  void find_failed() noexcept;
  void expire() noexcept;
  /// Sets the timer for the earliest deadline. Returns how long to wait at most, in milliseconds.
  DWORD set_timer() noexcept;
  std::size_t first_of(const Client& client) const noexcept;
  void drop(Client& client) noexcept;
  void erase(std::size_t first, std::size_t end) noexcept;

  // The places of the control event and of the timer. Lower places win, so requests come before signals.
  static constexpr std::size_t kControl = 0;
  static constexpr std::size_t kTimer = 1;
  static constexpr std::size_t kFirst = 2;

  Pool& pool_;
  UniqueHandle control_;
  DeadlineTimer timer_;
  UniqueHandle thread_;
  // Room that is reserved or taken.
  std::atomic<std::size_t> used_{0};

  // Held for microseconds.
  std::mutex mutex_;
  std::vector<Request> requests_;
  // Whether the thread waits for handles together, or will.
  bool alertable_ = false;
  bool ended_ = false;

  // Only this thread uses what follows.
  std::vector<Request> current_;
  std::array<HANDLE, MAXIMUM_WAIT_OBJECTS> handles_{};
  std::array<Entry, MAXIMUM_WAIT_OBJECTS> entries_{};
  std::size_t count_ = kFirst;
  std::array<Record, kCapacity> records_;
  std::size_t record_count_ = 0;
  bool timer_due_ = false;
  bool control_was_last_ = false;
  Placement together_;
};

}  // namespace rtworkq::waiter
