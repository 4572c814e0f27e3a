#pragma once

// What stacking plans made of the values of statements' entries, in the database, beside the entries.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/mysql/database.h"
#include "incentive-service/stacking_plans/stacking.h"
#include "incentive-service/statements/statement.h"

namespace tributary::incentive {

// `partner` and `stacking` outlive it.
struct StackingRow {
  const std::string& partner;
  int64_t number;   // of the statement
  int64_t ordinal;  // of the entry
  const Stacking& stacking;
};
absl::Status InsertStackings(mysql::Transaction& sql, const std::vector<StackingRow>& rows, std::string_view currency);

// To the entries of statements that have been read; by (partner, number). `where` picks rows of these statements.
absl::Status ReadStackings(mysql::Transaction& sql, std::string_view where, const mysql::Values& values,
                           const std::map<std::pair<std::string_view, int64_t>, Statement*>& statements);

}  // namespace tributary::incentive
