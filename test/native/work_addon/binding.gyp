# An addon as a user of this package would write it: it only uses include/.
{
  "includes": ["../../../common.gypi"],
  "targets": [
    {
      "target_name": "work_addon",
      "include_dirs": ["../../../include"],
      "sources": ["work_addon.cc", "../../../src/node/delay_load_hook.cc"]
    }
  ]
}
