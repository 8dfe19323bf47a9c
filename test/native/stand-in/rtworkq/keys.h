// Keys of work items that can be cancelled. Never 0, never reused, and with the top bit set, as on Windows. Any thread.

#pragma once

#include <rtworkq.h>

#include <atomic>

namespace stand_in {

inline RTWQWORKITEM_KEY new_key() noexcept {
  static std::atomic<RTWQWORKITEM_KEY> last{0x8000'0000'0000'0000};
  return ++last;
}

}  // namespace stand_in
