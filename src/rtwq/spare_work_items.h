// Finished work items with their async results, for reuse by the next put or invoke: creating and freeing both takes
// longer than putting them. Owned by an environment; runs on its JavaScript thread.
//
// An async result holds its work item, but no work item holds its result, so there is no cycle.

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

  /// The one that was added last; empty if there is none.
  Spare take() noexcept {
    if (spares_.empty()) return {};
    Spare last = std::move(spares_.back());
    spares_.pop_back();
    return last;
  }

  /// Keeps it, unless there are kMaxSpares already.
  void add(Spare spare) {
    if (spares_.size() < kMaxSpares) spares_.push_back(std::move(spare));
  }

  /// Must be called before RTWorkQ is shut down: under Wine, that does nothing while an async result exists.
  void clear() noexcept { spares_.clear(); }

 private:
  // Enough for a program that does little but put work items. Half a megabyte.
  static constexpr std::size_t kMaxSpares = 1'024;

  std::vector<Spare> spares_;
};

}  // namespace rtworkq
