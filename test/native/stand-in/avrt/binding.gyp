# An avrt.dll for Wine's system folders: MMCSS for threads, without any effect on them.
{
  "includes": ["../../../../common.gypi"],
  "targets": [
    {
      "target_name": "avrt",
      "type": "shared_library",
      "include_dirs": [".."],
      "sources": ["exports.cc", "task_groups.cc", "thread_tasks.cc"],
      # Without it 32-bit exports would carry the size of their parameters in their names.
      "ldflags": ["-Wl,--kill-at"]
    }
  ]
}
