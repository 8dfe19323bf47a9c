// Precompiled for Node addons, like common.h.

#pragma once

#include "common.h"

#include <napi.h>
