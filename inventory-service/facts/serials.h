#pragma once

// Serial numbers of the units of a fact.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/money/decimal.h"
#include "common/wire/field_reader.h"

namespace tributary::inventory {

// One text a list: the numbers, which hold no spaces, with a space between them.
std::string SerialsText(const std::vector<std::string>& serials);
std::vector<std::string> SerialsFromText(std::string_view text);

// Sorted. Refuses the field `serials` where one of them is told twice, or where there are not as many as units; where
// the quantity is still to be converted, it is unset, and CheckSerials comes later.
std::vector<std::string> TakeSerials(std::vector<std::string> told, std::optional<Decimal> quantity,
                                     FieldReader* fields);
// INVALID_FIELD of `serials` where some are told, and not as many as units.
absl::Status CheckSerials(const std::vector<std::string>& serials, Decimal quantity);

}  // namespace tributary::inventory
