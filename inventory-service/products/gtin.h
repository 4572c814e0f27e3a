#pragma once

#include <string_view>

namespace tributary::inventory {

// Whether the text is a GTIN of 8, 12, 13 or 14 digits whose last one is the check digit of the others (GS1 General
// Specifications, section 7.9: weights 3 and 1 in turn from the right, up to the next ten).
bool IsGtin(std::string_view text);

}  // namespace tributary::inventory
