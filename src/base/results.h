// The results of work items that report together. RTWorkQ's threads write them; the JavaScript thread copies them. They
// are not in JavaScript's memory, because the JavaScript thread may have ended.

#pragma once

#include <cstdint>
#include <memory>
#include <new>

namespace rtworkq {

struct Results {
  std::unique_ptr<std::uint32_t[]> status;   // the HRESULTs
  std::unique_ptr<std::int64_t[]> fired_at;  // the performance counter

  /// Null if out of memory.
  static std::unique_ptr<Results> make(std::uint32_t count) noexcept {
    std::unique_ptr<Results> results(new (std::nothrow) Results);
    if (!results) return nullptr;
    results->status.reset(new (std::nothrow) std::uint32_t[count]);
    results->fired_at.reset(new (std::nothrow) std::int64_t[count]);
    if (!results->status || !results->fired_at) return nullptr;
    return results;
  }
};

}  // namespace rtworkq
