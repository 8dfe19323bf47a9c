// An addon with native work for rtworkq's queues: it counts primes, in slices. It needs Node-API and one header, and
// does not link against rtworkq.

#include <rtworkq_work.h>

#include <atomic>
#include <cstdint>

namespace {

/// The count. The JavaScript value, each start of the work, and the function `found` hold references to it.
class Count {
 public:
  Count(std::uint32_t limit, std::uint32_t slices) : limit_(limit), slices_(slices) {}

  void retain() { ++references_; }

  void release() {
    if (--references_ == 0) delete this;
  }

  /// Runs on several threads at once, each with its own slice.
  void count_slice(std::uint32_t slice) {
    std::uint32_t primes = 0;
    for (std::uint64_t number = 2 + slice; number < limit_; number += slices_) {
      if (is_prime(number)) ++primes;
    }
    found_ += primes;
  }

  std::uint32_t found() const { return found_; }

 private:
  static bool is_prime(std::uint64_t number) {
    for (std::uint64_t divisor = 2; divisor * divisor <= number; ++divisor) {
      if (number % divisor == 0) return false;
    }
    return true;
  }

  const std::uint32_t limit_;
  const std::uint32_t slices_;
  std::atomic<std::uint32_t> found_{0};
  std::atomic<int> references_{1};
};

/// On a thread of the work queue. Must not call Node-API, and no exception may leave it.
std::int32_t RTWORKQ_CALL run(void* context, std::int32_t /* status */, std::uint32_t index) {
  static_cast<Count*>(context)->count_slice(index);
  return 0;  // S_OK
}

void RTWORKQ_CALL retain(void* context) { static_cast<Count*>(context)->retain(); }

/// On any thread.
void RTWORKQ_CALL release(void* context) { static_cast<Count*>(context)->release(); }

/// () => the number of primes found so far
napi_value found(napi_env env, napi_callback_info info) {
  void* count = nullptr;
  napi_value result = nullptr;
  if (napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &count) != napi_ok) return nullptr;
  napi_create_uint32(env, static_cast<Count*>(count)->found(), &result);
  return result;
}

/// (limit, slices) => { work, found() }: counts the primes below the limit if the work is put once per slice
napi_value count_primes(napi_env env, napi_callback_info info) {
  std::size_t length = 2;
  napi_value arguments[2];
  std::uint32_t limit = 0;
  std::uint32_t slices = 0;
  if (napi_get_cb_info(env, info, &length, arguments, nullptr, nullptr) != napi_ok ||
      napi_get_value_uint32(env, arguments[0], &limit) != napi_ok ||
      napi_get_value_uint32(env, arguments[1], &slices) != napi_ok || slices == 0) {
    napi_throw_type_error(env, nullptr, "countPrimes(limit, slices) takes two numbers.");
    return nullptr;
  }

  auto* count = new Count(limit, slices);
  const rtworkq_work description = {sizeof(rtworkq_work), count, run, retain, release};
  napi_value work = nullptr;
  if (rtworkq_create_work(env, &description, &work) != napi_ok) {
    count->release();
    return nullptr;
  }
  // The JavaScript value now owns the first reference. The function gets its own.
  napi_value function = nullptr;
  napi_value result = nullptr;
  if (napi_create_function(env, "found", NAPI_AUTO_LENGTH, found, count, &function) != napi_ok) return nullptr;
  const auto release_count = [](napi_env, void* data, void*) { static_cast<Count*>(data)->release(); };
  count->retain();
  if (napi_add_finalizer(env, function, count, release_count, nullptr, nullptr) != napi_ok) {
    count->release();
    return nullptr;
  }
  if (napi_create_object(env, &result) != napi_ok || napi_set_named_property(env, result, "work", work) != napi_ok ||
      napi_set_named_property(env, result, "found", function) != napi_ok) {
    return nullptr;
  }
  return result;
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_value function = nullptr;
  if (napi_create_function(env, "countPrimes", NAPI_AUTO_LENGTH, count_primes, nullptr, &function) != napi_ok ||
      napi_set_named_property(env, exports, "countPrimes", function) != napi_ok) {
    return nullptr;
  }
  return exports;
}
