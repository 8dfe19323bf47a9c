# An avrt.dll for Wine's system folders: MMCSS for threads, which has no effect on them.
{
  "includes": ["../../../../common.gypi"],
  "targets": [
    {
      "target_name": "avrt",
      "type": "shared_library",
      "include_dirs": [".."],
      "sources": ["exports.cc", "task_groups.cc", "thread_tasks.cc"],
      # Otherwise 32-bit export names would end with the size of their parameters.
      "ldflags": ["-Wl,--kill-at"]
    }
  ]
}
