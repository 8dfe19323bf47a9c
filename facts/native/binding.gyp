# facts.exe: the C++ rows of `npm run facts`. They test RTWorkQ.dll, ntdll's thread pool, waits and clocks, without Node.
{
  "includes": ["../../common.gypi"],
  "targets": [
    {
      "target_name": "facts",
      "type": "executable",
      # It does not call Node, so it needs no delay-load hook.
      "win_delay_load_hook": "false",
      "include_dirs": ["../../src", "../../bench/native"],
      "sources": [
        "abandoned_mutex.cc",
        "answers.cc",
        "async_results.cc",
        "cancelled_waits.cc",
        "clocks.cc",
        "conservation.cc",
        "keys.cc",
        "lateness.cc",
        "limits.cc",
        "main.cc",
        "mmcss.cc",
        "processor.cc",
        "queue_threads.cc",
        "rights.cc",
        "threads.cc",
        "tick.cc",
        "wait_all.cc",
        "wait_order.cc",
        "../../src/rtwq/api.cc",
        "../../src/rtwq/platform.cc"
      ]
    }
  ]
}
