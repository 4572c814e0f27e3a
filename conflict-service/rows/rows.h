#pragma once

// What the stores share: lists kept in one column, lists of names to look for, and rows that may come twice.

#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "common/mysql/database.h"
#include "common/mysql/value.h"

namespace tributary::conflict {

// Names and codes hold no line feeds.
std::string JoinLines(const std::vector<std::string>& names);
std::vector<std::string> SplitLines(std::string_view lines);

// Keeps texts that statements bind until they have run; a deque never moves its elements.
class Texts {
 public:
  std::string_view Keep(std::string text) { return kept_.emplace_back(std::move(text)); }

 private:
  std::deque<std::string> kept_;
};

// Runs `query` for the names, some hundred at a time: `in` is "(?, ?, ?)" and `values` are theirs. There are few sizes
// of lists (the last name fills up), so that the statements stay prepared.
absl::Status ForNames(const std::set<std::string>& names,
                      absl::FunctionRef<absl::Status(const std::string& in, const mysql::Values& values)> query);

// Transaction::InsertRows of rows that make no difference where they are there already, as `tail` says. Some of few
// rows are sent twice where that takes fewer statements.
absl::Status PutRows(mysql::Transaction& sql, std::string_view head, size_t width, mysql::Values values,
                     std::string_view tail);

}  // namespace tributary::conflict
