# Another addon, as somebody would write it who has work for a queue: it knows of this package what include/ tells.
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
