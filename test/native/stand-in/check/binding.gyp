# Checks the parts of the stand-in that the package's own tests do not reach.
{
  "includes": ["../../../../common.gypi"],
  "targets": [
    {
      "target_name": "stand_in_check",
      "type": "executable",
      "include_dirs": ["..", "../../../../src"],
      "sources": [
        "exports_check.cc",
        "harness.cc",
        "items_check.cc",
        "main.cc",
        "mmcss_check.cc",
        "other_check.cc",
        "platform_check.cc",
        "queues_check.cc",
        "waits_check.cc"
      ],
      "libraries": ["-lole32"]
    }
  ]
}
