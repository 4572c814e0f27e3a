#pragma once

// Counts, mixes, days to pay, free goods, figures of scores, members of groups and margins of entries, and as what
// their lines count, what their units cost and what they are matched with, in the database.

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/mysql/database.h"
#include "incentive-service/statements/statement.h"

namespace tributary::incentive {

// What InsertReach writes. The partner and the entry must outlive it.
struct ReachRows {
  mysql::Values entries;
  mysql::Values paid;
  mysql::Values goods;
  mysql::Values figures;
  mysql::Values members;
  mysql::Values margins;
  std::deque<std::string> texts;  // of figures and costs
  mysql::Values lines;
  mysql::Values costs;
  mysql::Values matches;

  // What reached the entry's tiers, whose lines count together, as what its lines count, what their units cost, what
  // they are matched with. Nothing of a program that does none of these.
  void Add(const std::string& partner, int64_t number, int64_t ordinal, const StatementEntry& entry);
};

absl::Status InsertReach(mysql::Transaction& sql, const ReachRows& rows);

// To the entries of these statements.
absl::Status ReadReach(mysql::Transaction& sql, std::string_view where, const mysql::Values& values,
                       const std::map<std::pair<std::string_view, int64_t>, Statement*>& statements);
// To these lines of the statement, by entry and ordinal.
absl::Status ReadCountedLines(mysql::Transaction& sql, const StatementKey& statement,
                              std::vector<StatementLine>* lines);

}  // namespace tributary::incentive
