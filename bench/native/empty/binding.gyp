# An addon that does nothing: what loading any addon takes.
{
  "includes": ["../../../common.gypi"],
  "targets": [
    {
      "target_name": "empty",
      "sources": ["empty.cc", "../../../src/node/delay_load_hook.cc"]
    }
  ]
}
