#pragma once

#include <cstddef>
#include <string_view>

namespace tributary::matching {

// How many UTF-16 units to insert, delete, replace or swap with their neighbor (each pair once: optimal string
// alignment) between the two; `limit` + 1 where it is more than `limit`. O(n) for texts up to 64 units (Hyyrö 2003),
// O(n x limit) beyond.
size_t EditDistance(std::u16string_view a, std::u16string_view b, size_t limit);

// Whether that is no more than `slips`: sooner where they are few and most texts are others. O(n x 4^slips) at most.
bool WithinSlips(std::u16string_view a, std::u16string_view b, size_t slips);

}  // namespace tributary::matching
