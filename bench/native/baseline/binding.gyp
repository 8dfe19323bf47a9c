# The benchmark's plain C++ program: the same DLL without Node.
{
  "includes": ["../../../common.gypi"],
  "targets": [
    {
      "target_name": "baseline",
      "type": "executable",
      # It imports nothing from node.exe, so it needs no delay-load hook.
      "win_delay_load_hook": "false",
      "include_dirs": ["../../../src", ".."],
      "sources": [
        "lateness.cc",
        "main.cc",
        "threads.cc",
        "work_items.cc",
        "../../../src/rtwq/api.cc",
        "../../../src/rtwq/platform.cc"
      ]
    }
  ]
}
