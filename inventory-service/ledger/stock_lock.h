#pragma once

#include <set>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "common/mysql/database.h"

namespace tributary::inventory {

// Waits for and holds the locks of these subjects until the transaction ends, in their order: for what is decided on
// more rows than can be locked themselves, such as all that is said of one serial number. Facts take none of them.
absl::Status LockSubjects(mysql::Transaction& sql, const std::set<std::string>& subjects);

// Subjects.
std::string SerialSubject(std::string_view product, std::string_view serial);
std::string StockSubject(std::string_view partner, std::string_view product);
inline constexpr std::string_view kTerritorySubject = "territories";  // after all others

}  // namespace tributary::inventory
