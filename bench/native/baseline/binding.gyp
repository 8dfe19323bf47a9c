# The benchmark's plain C++ program: the same DLL, without Node.
{
  "includes": ["../../../common.gypi"],
  "targets": [
    {
      "target_name": "baseline",
      "type": "executable",
      # It calls nothing of Node, so there is nothing to load late.
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
