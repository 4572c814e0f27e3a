#pragma once

// Days and a moment of tests.

#include <string_view>

#include "absl/time/time.h"
#include "common/time/date.h"

namespace tributary {

inline const absl::Time kNow = absl::FromUnixSeconds(1700000000);  // 2023-11-14

// "2026-06-01"; ends the test where that is none.
inline Date Day(std::string_view text) { return Date::Parse(text).value(); }

}  // namespace tributary
