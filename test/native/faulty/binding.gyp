# A RTWorkQ.dll for Wine's system32: the real one, with faults on demand.
{
  "includes": ["../../../common.gypi"],
  "targets": [{ "target_name": "rtworkq", "type": "shared_library", "sources": ["rtworkq.cc"] }]
}
