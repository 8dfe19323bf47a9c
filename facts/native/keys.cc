// What RTWorkQ's work item keys look like, and whether they are reused.

#include "answers.h"
#include "callbacks.h"
#include "rows.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <string>
#include <vector>

namespace rtworkq::facts {
namespace {

constexpr int kKeys = 1'000;
constexpr INT64 kFarAwayMs = 600'000;

using Keys = std::vector<RTWQWORKITEM_KEY>;

bool has_top_bit(RTWQWORKITEM_KEY key) { return (key >> 63) == 1; }

std::string hexadecimal(RTWQWORKITEM_KEY key) {
  char text[32];
  std::snprintf(text, sizeof(text), "0x%016llX", static_cast<unsigned long long>(key));
  return text;
}

Keys schedule_many(RecordingCallback& callback) {
  Keys list;
  for (int left = kKeys; left > 0; --left) list.push_back(callback.schedule(kFarAwayMs));
  return list;
}

Keys wait_often(RecordingCallback& callback, HANDLE handle) {
  Keys list;
  for (int left = kKeys; left > 0; --left) list.push_back(callback.wait_for(handle));
  return list;
}

void cancel_all(const Keys& list) {
  for (const RTWQWORKITEM_KEY key : list) api().RtwqCancelWorkItem(key);
}

void say_keys(const std::string& kind, const Keys& list, std::set<RTWQWORKITEM_KEY>& seen) {
  const auto top = std::count_if(list.begin(), list.end(), has_top_bit);
  const auto again = std::count_if(list.begin(), list.end(), [&](RTWQWORKITEM_KEY key) { return seen.contains(key); });
  const std::set<RTWQWORKITEM_KEY> distinct(list.begin(), list.end());
  seen.insert(list.begin(), list.end());
  say(kind, "first " + hexadecimal(list.front()) + ", then " + hexadecimal(list[1]) + "; top bit set in " +
                share(static_cast<double>(top), kKeys) + "; distinct " +
                share(static_cast<double>(distinct.size()), kKeys) + "; seen before " +
                share(static_cast<double>(again), kKeys));
}

}  // namespace

void keys() {
  Countdown never(1);
  const auto callback = make<RecordingCallback>(never);
  const UniqueHandle event = make_auto_reset_event();
  std::set<RTWQWORKITEM_KEY> seen;
  const Keys scheduled = schedule_many(*callback);
  say_keys("scheduled", scheduled, seen);
  cancel_all(scheduled);
  const Keys after_cancel = schedule_many(*callback);
  say_keys("scheduled after a cancel", after_cancel, seen);
  cancel_all(after_cancel);
  const Keys waiting = wait_often(*callback, event.get());
  say_keys("waiting", waiting, seen);
  cancel_all(waiting);
}

}  // namespace rtworkq::facts
