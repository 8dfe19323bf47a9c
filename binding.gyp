# The one list of the addon's sources, for node-gyp on Windows and for scripts/lib/gyp.mjs on Linux.
{
  "includes": ["common.gypi"],
  "targets": [
    {
      "target_name": "rtworkq",
      "include_dirs": ["src"],
      "sources": [
        "src/addon.cc",
        "src/node/completion_channel.cc",
        "src/node/delay_load_hook.cc",
        "src/node/environment.cc",
        "src/node/schedule.cc",
        "src/node/support.cc",
        "src/rtwq/api.cc",
        "src/rtwq/platform.cc",
        "src/rtwq/work_item.cc"
      ]
    }
  ]
}
