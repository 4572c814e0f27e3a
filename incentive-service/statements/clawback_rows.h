#pragma once

// What caps of clawbacks left stated by entries, in the database.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/mysql/database.h"
#include "incentive-service/statements/statement.h"

namespace tributary::incentive {

// Of the entry with that ordinal.
struct ClawbackRow {
  std::string partner;
  int64_t number = 0;
  int64_t ordinal = 0;
  ClawbackSteps steps;
};

absl::Status InsertClawbacks(mysql::Transaction& sql, const std::vector<ClawbackRow>& rows);

// To the entries of these statements.
absl::Status ReadClawbacks(mysql::Transaction& sql, std::string_view where, const mysql::Values& values,
                           const std::map<std::pair<std::string_view, int64_t>, Statement*>& statements);

}  // namespace tributary::incentive
