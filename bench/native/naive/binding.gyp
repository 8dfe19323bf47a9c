# Other ways for an addon to do what the package does: work items, a naive way and a minimal one; intervals and waits on
# threads of its own.
{
  "includes": ["../../../common.gypi"],
  "targets": [
    {
      "target_name": "naive",
      "include_dirs": ["../../../src", ".."],
      "sources": [
        "addon.cc",
        "events.cc",
        "naive.cc",
        "ping_pong.cc",
        "ticking.cc",
        "../../../src/node/delay_load_hook.cc",
        "../../../src/rtwq/api.cc",
        "../../../src/rtwq/platform.cc"
      ]
    }
  ]
}
