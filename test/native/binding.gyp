# Native functions for the tests, for everything that JavaScript cannot do.
{
  "includes": ["../../common.gypi"],
  "targets": [
    {
      "target_name": "test_helper",
      "include_dirs": ["../../src"],
      "sources": [
        "altered_system.cc",
        "file_handles.cc",
        "open_handles.cc",
        "process_settings.cc",
        "shifted_timers.cc",
        "test_helper.cc",
        "../../src/node/delay_load_hook.cc",
        "../../src/rtwq/api.cc"
      ]
    }
  ]
}
