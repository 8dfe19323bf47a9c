/*
 * Native work for the work queues of the npm package `rtworkq`. For addons written in C or C++.
 *
 * JavaScript runs on the JavaScript thread only. To have code of yours run on a work queue, describe it in a
 * rtworkq_work, hand it to JavaScript as a value, and let JavaScript put it on a queue:
 *
 *   static int32_t RTWORKQ_CALL mix(void* context, int32_t status, uint32_t index) { ... return 0; }
 *
 *   rtworkq_work work = { sizeof(work), mixer, mix, mixer_retain, mixer_release };
 *   napi_value value;
 *   rtworkq_create_work(env, &work, &value);
 *
 *   const { status } = await queue.put({ work: addon.work });
 *
 * Nothing has to be linked: a value is recognised by its type tag.
 */
#ifndef RTWORKQ_WORK_H
#define RTWORKQ_WORK_H

#include <node_api.h>

#include <stdint.h>
#include <stdlib.h>

#ifdef _WIN32
#define RTWORKQ_CALL __cdecl
#else
#define RTWORKQ_CALL
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rtworkq_work {
  /* sizeof(rtworkq_work), so that later versions can add to it. */
  size_t size;

  /* Yours; handed to each of the functions. */
  void* context;

  /*
   * The work. Called on a thread of the work queue, for each time that JavaScript starts it and does not cancel it
   * before, and for putWorkItems() as many times as it says; on a multithreaded queue perhaps several times at once.
   * `status` is the HRESULT of the async result, S_OK as a rule. `index` tells the calls of one putWorkItems() apart:
   * each number below its count comes once, or not at all when it is cancelled; elsewhere it is 0. What it returns, an
   * HRESULT, is what JavaScript's promise resolves to. It must not call Node-API and must not let a C++ exception out.
   */
  int32_t(RTWORKQ_CALL* run)(void* context, int32_t status, uint32_t index);

  /*
   * Count references to the context. `retain` is called for each start, on the JavaScript thread and inside of the call
   * that starts the work; `release` on any thread when that start is over: after `run` has returned for the last time,
   * or when it will never be called. Neither may call Node-API: that could run JavaScript in the middle of that call,
   * and is not for other threads. Neither may let a C++ exception out. Both may be NULL for a context that outlives
   * everything. The module that `run` is in stays loaded until then, even when Node unloads the addon.
   */
  void(RTWORKQ_CALL* retain)(void* context);
  void(RTWORKQ_CALL* release)(void* context);
} rtworkq_work;

/* The tag of an external value whose data is a rtworkq_work. */
static const napi_type_tag rtworkq_work_type_tag = {0x6f1d8c1b0e2a4c57ULL, 0x9b3f52d47a60e8c1ULL};

static inline void rtworkq_finalize_work(napi_env env, void* data, void* hint) {
  rtworkq_work* work = (rtworkq_work*)data;
  (void)env;
  (void)hint;
  if (work->release) work->release(work->context);
  free(work);
}

/*
 * Makes the value that JavaScript hands to rtworkq as the option `work`. The description is copied. The value takes
 * over one reference to the context, which `release` drops when the value is collected. Where this fails, the reference
 * stays the caller's.
 */
static inline napi_status rtworkq_create_work(napi_env env, const rtworkq_work* work, napi_value* result) {
  napi_status status;
  rtworkq_work* copy = (rtworkq_work*)malloc(sizeof(rtworkq_work));
  if (!copy) return napi_generic_failure;
  *copy = *work;
  status = napi_create_external(env, copy, rtworkq_finalize_work, NULL, result);
  if (status != napi_ok) {
    free(copy);
    return status;
  }
  status = napi_type_tag_object(env, *result, &rtworkq_work_type_tag);
  if (status != napi_ok) copy->release = NULL;
  return status;
}

#ifdef __cplusplus
}
#endif

#endif
