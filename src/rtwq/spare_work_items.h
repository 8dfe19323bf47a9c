// Work items that RTWorkQ is through with, each with its async result, for the next ones to put or invoke: to make both
// anew, and free them, takes longer than to put them. On the JavaScript thread of the environment that owns it.
//
// An async result holds its work item, and whoever holds a pair holds both: no work item holds its result.

#pragma once

#include "rtwq/work_item.h"

#include <cstddef>
#include <utility>
#include <vector>

namespace rtworkq {

class SpareWorkItems {
 public:
  struct Spare {
    ComPtr<WorkItem> item;
    ComPtr<IRtwqAsyncResult> result;
  };

  /// The one that came last; empty where there is none.
  Spare take() noexcept {
    if (spares_.empty()) return {};
    Spare last = std::move(spares_.back());
    spares_.pop_back();
    return last;
  }

  /// Keeps it, unless there are enough.
  void add(Spare spare) {
    if (spares_.size() < kMost) spares_.push_back(std::move(spare));
  }

  /// RTWorkQ's shutdown does nothing under Wine while there is an async result.
  void clear() noexcept { spares_.clear(); }

 private:
  // As many as a program has in flight that does little else. Half a megabyte.
  static constexpr std::size_t kMost = 1'024;

  std::vector<Spare> spares_;
};

}  // namespace rtworkq
