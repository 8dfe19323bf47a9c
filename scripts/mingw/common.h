// What most sources include and takes longest to compile, for scripts/lib/mingw.mjs to compile once. Sources may not
// count on it: MSVC compiles them without.

#pragma once

#include <windows.h>

#include <objbase.h>
#include <rtworkq.h>
