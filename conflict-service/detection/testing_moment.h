#pragma once

// When detectors are asked in tests: behind the days of the facts.

#include "absl/time/time.h"

namespace tributary::conflict {

inline const absl::Time kNow = absl::FromUnixSeconds(1790000000);  // 2026-09-21

}  // namespace tributary::conflict
