#pragma once

// What the stores share: lists kept in one column, lists of ids, pages of rows below a partner, names of states, and
// the answer where a row changed underneath.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"

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

// A page of rows: what follows FROM. Looks into all that it is given, which outlives it.
class RowPage {
 public:
  // A further condition, with its values.
  RowPage& Where(std::string_view condition, const mysql::Values& values = {});
  // "WHERE ... ORDER BY {key} LIMIT ?"
  std::string sql() const;
  mysql::Values values() const;

 protected:
  RowPage(const Page& page, std::string_view key) : page_(page), key_(key), where_("TRUE") {}

 private:
  const Page& page_;
  const std::string_view key_;
  std::string where_;
  mysql::Values values_;
};
// Keyed by id.
class RootPage : public RowPage {
 public:
  explicit RootPage(const Page& page);
};
// Keyed by (partner_id, id), of one partner, or of all where `partner_id` is empty.
class ChildPage : public RowPage {
 public:
  ChildPage(std::string_view partner_id, const Page& page);
};

// The names of an enum whose columns hold its numbers, first to last.
template <typename Enum>
std::vector<FilterField::EnumName> NumberedNames(Enum first, Enum last) {
  std::vector<FilterField::EnumName> names;
  for (int number = static_cast<int>(first); number <= static_cast<int>(last); ++number) {
    names.push_back({std::string(NameOf(static_cast<Enum>(number))), int64_t{number}});
  }
  return names;
}

}  // namespace tributary::partner
