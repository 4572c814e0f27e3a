#pragma once

// Which day it is.

#include <cstdint>

#include "absl/time/time.h"
#include "common/time/date.h"

namespace tributary {

// In UTC.
inline Date UtcToday(absl::Time now) {
  return Date::FromDays(static_cast<int32_t>(absl::ToUnixSeconds(now) / (24 * 60 * 60)));
}

// The latest day that it is anywhere: a partner's own calendar may be ahead of UTC.
inline Date LatestToday(absl::Time now) { return UtcToday(now + absl::Hours(14)); }

}  // namespace tributary
