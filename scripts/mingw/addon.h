// The same for Node addons.

#pragma once

#include "common.h"

#include <napi.h>
