#pragma once

// Counts of entries, and as what their lines count, in the database.

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

// Of one entry: its count and its lines', to what InsertCounts writes. Nothing for a program that counts none. The
// partner must outlive the rows.
struct CountRows {
  mysql::Values counts;
  mysql::Values lines;

  void Add(const std::string& partner, int64_t number, int64_t ordinal, const StatementEntry& entry);
};

absl::Status InsertCounts(mysql::Transaction& sql, const CountRows& rows);

// To the entries of these statements.
absl::Status ReadCounts(mysql::Transaction& sql, std::string_view where, const mysql::Values& values,
                        const std::map<std::pair<std::string_view, int64_t>, Statement*>& statements);
// To these lines of the statement, by entry and ordinal.
absl::Status ReadCountedLines(mysql::Transaction& sql, const StatementKey& statement,
                              std::vector<StatementLine>* lines);

}  // namespace tributary::incentive
