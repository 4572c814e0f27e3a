#pragma once

// What came into the periods of entries beside their lines, in the database.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/mysql/database.h"
#include "incentive-service/engine/carried.h"
#include "incentive-service/statements/statement.h"

namespace tributary::incentive {

// Of the entry with that ordinal.
struct CarriedRow {
  std::string partner;
  int64_t number = 0;
  int64_t ordinal = 0;
  Carried carried;
};

absl::Status InsertCarried(mysql::Transaction& sql, const std::vector<CarriedRow>& rows);

// To the entries of these statements.
absl::Status ReadCarried(mysql::Transaction& sql, std::string_view where, const mysql::Values& values,
                         const std::map<std::pair<std::string_view, int64_t>, Statement*>& statements);

}  // namespace tributary::incentive
