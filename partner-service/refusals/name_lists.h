#pragma once

// What is wrong with lists of names and codes.

#include <string>
#include <string_view>
#include <vector>

#include "common/status/status.h"

namespace tributary::partner {

// A violation for each element that is there before.
void CheckDistinct(std::string_view field, const std::vector<std::string>& elements,
                   std::vector<FieldViolation>* violations);
// A violation for each name that does not fit the pattern ("regions/{region}"), of field[i].
void CheckNames(std::string_view field, std::string_view pattern, const std::vector<std::string>& names,
                std::vector<FieldViolation>* violations);
// A violation where the name does not fit the pattern.
void CheckName(std::string_view field, std::string_view pattern, std::string_view name,
               std::vector<FieldViolation>* violations);

}  // namespace tributary::partner
