#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/mysql/value.h"

namespace tributary::inventory {

// "(?, ?, ?)" for the ids, which are added to `values`. The number of places is one of few (the last id stands in those
// that are left over), so that the statements stay prepared. `ids` must not be empty and must outlive the statement.
std::string InList(const std::vector<std::string_view>& ids, mysql::Values* values);

}  // namespace tributary::inventory
