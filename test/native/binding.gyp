# What the tests need of the native side and JavaScript cannot do.
{
  "includes": ["../../common.gypi"],
  "targets": [
    {
      "target_name": "test_helper",
      "include_dirs": ["../../src"],
      "sources": [
        "file_handles.cc",
        "process_settings.cc",
        "shifted_timers.cc",
        "test_helper.cc",
        "../../src/node/delay_load_hook.cc",
        "../../src/rtwq/api.cc"
      ]
    }
  ]
}
