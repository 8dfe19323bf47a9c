// Encodes an Outcome as one number for JavaScript, so that success costs nothing. 0 is success. A failure has the
// function's index in the high half and the HRESULT in the low 32 bits; lib/internal/errors.ts decodes it.

#pragma once

#include "rtwq/api.h"

namespace rtworkq {

inline double encode(const Outcome& outcome) noexcept {
  if (!outcome.failed()) return 0;
  return static_cast<double>(static_cast<std::uint32_t>(outcome.function)) * 4'294'967'296.0 +
         static_cast<double>(static_cast<std::uint32_t>(outcome.result));
}

}  // namespace rtworkq
