#pragma once

// Serial numbers of the units of a fact.

#include <string>
#include <string_view>
#include <vector>

#include "common/money/decimal.h"
#include "common/wire/field_reader.h"

namespace tributary::inventory {

// One text a list: the numbers, which hold no spaces, with a space between them.
std::string SerialsText(const std::vector<std::string>& serials);
std::vector<std::string> SerialsFromText(std::string_view text);

// Sorted. Refuses the field `serials` where one of them is told twice, or where there are not as many as units.
std::vector<std::string> TakeSerials(std::vector<std::string> told, Decimal quantity, FieldReader* fields);

}  // namespace tributary::inventory
