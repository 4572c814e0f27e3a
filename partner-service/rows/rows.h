#pragma once

// What the stores share: lists kept in one column, and the answer where a row changed underneath.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/mysql/database.h"

namespace tributary::partner {

// A list of texts without line breaks as one text, a line each; the empty list is the empty text, and an empty text
// cannot be an element.
std::string JoinLines(const std::vector<std::string>& lines);
std::vector<std::string> SplitLines(std::string_view text);

// Ids, at least one, as the list of an IN: "(?, ?, ?, ?)" and its values, which look into the ids. Sorted, so that
// transactions lock in one order, each id once, and padded by the last to a power of two, so that few statements are
// prepared.
class IdList {
 public:
  explicit IdList(std::vector<std::string_view> ids);
  const std::string& sql() const { return sql_; }
  const mysql::Values& values() const { return values_; }

 private:
  std::string sql_;
  mysql::Values values_;
};

// The resource is no longer as this transaction read it: the body runs again.
absl::Status ChangedMeanwhile(mysql::Transaction& sql, std::string_view name);

}  // namespace tributary::partner
