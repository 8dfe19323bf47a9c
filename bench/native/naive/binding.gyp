# Two other ways for an addon to call JavaScript from RTWorkQ threads: a naive one and a minimal one.
{
  "includes": ["../../../common.gypi"],
  "targets": [
    {
      "target_name": "naive",
      "include_dirs": ["../../../src", ".."],
      "sources": [
        "addon.cc",
        "naive.cc",
        "ping_pong.cc",
        "../../../src/node/delay_load_hook.cc",
        "../../../src/rtwq/api.cc",
        "../../../src/rtwq/platform.cc"
      ]
    }
  ]
}
