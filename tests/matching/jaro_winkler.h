#pragma once

#include <string_view>

namespace tributary::matching_quality {

// Winkler 1990: Jaro's similarity, raised by a tenth of what it lacks for each of the first four units in common; 0
// to 1.
double JaroWinkler(std::u16string_view a, std::u16string_view b);

}  // namespace tributary::matching_quality
