#pragma once

// What settlements of statements paid, in the database.

#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "common/mysql/database.h"
#include "incentive-service/statements/statement.h"

namespace tributary::incentive {

// The last one of the statement; it has one.
absl::Status InsertLastPayment(mysql::Transaction& sql, const Statement& statement);

// To these statements.
absl::Status ReadPayments(mysql::Transaction& sql, std::string_view where, const mysql::Values& values,
                          const std::map<std::pair<std::string_view, int64_t>, Statement*>& statements);

}  // namespace tributary::incentive
