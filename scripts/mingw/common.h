// Headers that most sources include and that take longest to compile. scripts/lib/mingw.mjs precompiles them. Sources
// must still include what they use, because MSVC compiles them without this.

#pragma once

#include <windows.h>

#include <objbase.h>
#include <rtworkq.h>
