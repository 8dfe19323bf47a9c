# What the package is compared with on its own ground: other ways of an addon from RTWorkQ's threads to JavaScript.
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
