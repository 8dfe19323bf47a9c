{
  "targets": [
    {
      "target_name": "count_primes",
      "sources": ["addon.cc"],
      "include_dirs": ["<!(node -p \"require('path').dirname(require.resolve('rtworkq/include/rtworkq_work.h'))\")"]
    }
  ]
}
