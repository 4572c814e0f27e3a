#pragma once

// Decimals of tests.

#include <cstdint>
#include <string_view>

#include "common/money/decimal.h"

namespace tributary {

// Ends the test where the text is none.
inline Decimal D(std::string_view text) { return Decimal::Parse(text).value(); }
inline Decimal D(int64_t units) { return Decimal::FromInt(units); }

}  // namespace tributary
