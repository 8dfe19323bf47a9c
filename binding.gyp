# The addon's sources, for both node-gyp on Windows and scripts/lib/gyp.mjs on Linux.
{
  "includes": ["common.gypi"],
  "targets": [
    {
      "target_name": "rtworkq",
      "include_dirs": ["include", "src"],
      "sources": [
        "src/addon.cc",
        "src/handles/object.cc",
        "src/handles/security.cc",
        "src/handles/wait_target.cc",
        "src/handles/waitable.cc",
        "src/node/completion_channel.cc",
        "src/node/delay_load_hook.cc",
        "src/node/environment.cc",
        "src/node/handles.cc",
        "src/node/libuv_handles.cc",
        "src/node/mmcss.cc",
        "src/node/mutexes.cc",
        "src/node/platform.cc",
        "src/node/queues.cc",
        "src/node/schedule.cc",
        "src/node/settings.cc",
        "src/node/support.cc",
        "src/node/waits.cc",
        "src/rtwq/api.cc",
        "src/rtwq/mmcss.cc",
        "src/rtwq/periodic_callback.cc",
        "src/rtwq/platform.cc",
        "src/rtwq/platform_events.cc",
        "src/rtwq/power_throttling.cc",
        "src/rtwq/queue_request.cc",
        "src/rtwq/timer_resolution.cc",
        "src/rtwq/timers_task.cc",
        "src/rtwq/work_item.cc",
        "src/rtwq/work_items.cc",
        "src/rtwq/work_queue.cc",
        "src/waiter/alarm.cc",
        "src/waiter/kept_period.cc",
        "src/waiter/mutex.cc",
        "src/waiter/pool.cc",
        "src/waiter/resume.cc",
        "src/waiter/thread.cc",
        "src/waiter/wait.cc"
      ]
    }
  ]
}
