/*
 * Native work for the npm package `rtworkq`: lets addons written in C or C++ run code on a work queue.
 *
 * JavaScript only runs on its own thread. To run your own code on a work queue, describe it in a rtworkq_work, pass it
 * to JavaScript as a value, and let JavaScript put it on a queue:
 *
 *   static int32_t RTWORKQ_CALL mix(void* context, int32_t status, uint32_t index) { ... return 0; }
 *
 *   rtworkq_work work = { sizeof(work), mixer, mix, mixer_retain, mixer_release };
 *   napi_value value;
 *   rtworkq_create_work(env, &work, &value);
 *
 *   const { status } = await queue.put({ work: addon.work });
 *
 * You do not link against anything: rtworkq recognises the value by its type tag.
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
  /* sizeof(rtworkq_work), so that later versions can add fields. */
  size_t size;

  /* Your data, passed to each of the functions. */
  void* context;

  /*
   * The work. Runs on a thread of the work queue, once each time JavaScript starts it, unless JavaScript cancels it
   * first; putWorkItems() runs it `count` times. On a multithreaded queue, several calls may run at once. `status` is
   * the async result's HRESULT, normally S_OK. `index` tells the calls of one putWorkItems() apart: each number below
   * its count is passed once, or not at all if it is cancelled; otherwise `index` is 0. The returned HRESULT is what
   * the JavaScript promise resolves to. Must not call Node-API or let a C++ exception escape.
   */
  int32_t(RTWORKQ_CALL* run)(void* context, int32_t status, uint32_t index);

  /*
   * Count references to the context. Each start calls `retain`, on the JavaScript thread, inside the call that starts
   * the work. `release` is called on any thread when that start is over: after `run` has returned for the last time, or
   * when it will never run. Neither may call Node-API, which could run JavaScript in the middle of that call and does
   * not work on other threads. Neither may let a C++ exception escape. Both may be NULL if the context lives as long as
   * the process. The module that contains `run` stays loaded until `release` has returned, even if Node unloads the
   * addon.
   */
  void(RTWORKQ_CALL* retain)(void* context);
  void(RTWORKQ_CALL* release)(void* context);
} rtworkq_work;

/* The type tag of an external whose data is a rtworkq_work. */
static const napi_type_tag rtworkq_work_type_tag = {0x6f1d8c1b0e2a4c57ULL, 0x9b3f52d47a60e8c1ULL};

static inline void rtworkq_finalize_work(napi_env env, void* data, void* hint) {
  rtworkq_work* work = (rtworkq_work*)data;
  (void)env;
  (void)hint;
  if (work->release) work->release(work->context);
  free(work);
}

/*
 * Creates the value that JavaScript passes to rtworkq as the `work` option. Copies the description. The value takes
 * over one reference to the context and releases it when the value is garbage-collected. On failure the caller keeps
 * that reference.
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
