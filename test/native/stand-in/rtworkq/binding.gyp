# An RTWorkQ.dll for Wine's system folders. It has the Windows features that Wine lacks, and can inject faults.
{
  "includes": ["../../../../common.gypi"],
  "targets": [
    {
      "target_name": "rtworkq",
      "type": "shared_library",
      "include_dirs": ["..", "../../../../src"],
      "sources": [
        "apartment.cc",
        "async_result.cc",
        "deadlines.cc",
        "exports.cc",
        "faults.cc",
        "joined_files.cc",
        "mmcss.cc",
        "options.cc",
        "periodic_callbacks.cc",
        "platform.cc",
        "platform_events.cc",
        "scheduled_items.cc",
        "session.cc",
        "threads.cc",
        "timers.cc",
        "version.rc",
        "wait_thread.cc",
        "waiting_items.cc",
        "window_thread.cc",
        "work_queue.cc",
        "work_queues.cc"
      ],
      "libraries": ["-lole32"],
      # Otherwise 32-bit export names would end with the size of their parameters.
      "ldflags": ["-Wl,--kill-at"]
    }
  ]
}
