# An empty addon, to time the load of any addon.
{
  "includes": ["../../../common.gypi"],
  "targets": [
    {
      "target_name": "empty",
      "sources": ["empty.cc", "../../../src/node/delay_load_hook.cc"]
    }
  ]
}
