// stand_in_check [repetitions]: runs all checks, prints whether each passed, and exits with 0 if all did.

#include "check/harness.h"

#include <cstdio>
#include <cwchar>

int wmain(int count, wchar_t** arguments) {
  const long repetitions = count > 1 ? std::wcstol(arguments[1], nullptr, 10) : 1;
  for (long round = 0; round < repetitions; ++round) {
    check::check_exports();
    check::check_platform();
    check::check_queues();
    check::check_items();
    check::check_waits();
    check::check_mmcss();
    check::check_other();
  }
  std::printf("%d failed\n", check::failures());
  return check::failures() == 0 ? 0 : 1;
}
