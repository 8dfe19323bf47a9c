// Objects that JavaScript refers to by small numbers, such as queues and handles. JavaScript thread only.

#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace rtworkq {

template <class T>
class Table {
 public:
  std::uint32_t add(T value) {
    if (free_.empty()) {
      values_.push_back(std::move(value));
      return static_cast<std::uint32_t>(values_.size() - 1);
    }
    const std::uint32_t index = free_.back();
    free_.pop_back();
    values_[index] = std::move(value);
    return index;
  }

  T& operator[](std::uint32_t index) { return values_[index]; }

  /// The number may be reused by the next add().
  T remove(std::uint32_t index) {
    T value = std::exchange(values_[index], T());
    free_.push_back(index);
    return value;
  }

  void clear() {
    values_.clear();
    free_.clear();
  }

 private:
  std::vector<T> values_;
  std::vector<std::uint32_t> free_;
};

}  // namespace rtworkq
