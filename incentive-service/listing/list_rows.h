#pragma once

// What every List of a store reads: the rows after a key, in the order of its columns, that fulfil a filter.
//
//   return ListRows({"partner", "payout"}, {after_partner, after_id}, where)
//       .With("partner", partner)
//       .Read(sql, ReadPayouts, limit);

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/mysql/database.h"
#include "common/mysql/value.h"
#include "common/paging/filter.h"
#include "common/text/text.h"

namespace tributary::incentive {

class ListRows {
 public:
  // `columns`: the key, which the rows are sorted by; `after`: the key of the last row seen, of each column the least
  // value on the first page. Values are not copied: they must outlive Read.
  ListRows(std::initializer_list<std::string_view> columns, std::initializer_list<mysql::Value> after,
           const SqlPredicate& where)
      : order_(StrCat(" ORDER BY ", *columns.begin())) {
    for (const std::string_view column : std::span(columns).subspan(1)) order_ += StrCat(", ", column);
    condition_ = StrCat(After(std::span(columns), std::span(after)), " AND (", where.sql(), ")");
    values_.insert(values_.end(), where.values().begin(), where.values().end());
  }

  // Those alone whose `column` is `value`, where there is one.
  template <typename T>
  ListRows& With(std::string_view column, const std::optional<T>& value) {
    if (!value.has_value()) return *this;
    condition_ += StrCat(" AND ", column, " = ?");
    values_.emplace_back(*value);
    return *this;
  }

  // At most `limit` rows, by the store's own `read(sql, condition, values)`.
  template <typename ReadRows>
  auto Read(mysql::Transaction& sql, ReadRows read, int limit) {
    values_.emplace_back(limit);
    return read(sql, StrCat(condition_, order_, " LIMIT ?"), values_);
  }

 private:
  // Written out, since MariaDB does not search an index by comparing rows: a >= ? AND (a > ? OR (b > ?)).
  std::string After(std::span<const std::string_view> columns, std::span<const mysql::Value> after) {
    values_.push_back(after[0]);
    if (columns.size() == 1) return StrCat(columns[0], " > ?");
    values_.push_back(after[0]);
    const std::string rest = After(columns.subspan(1), after.subspan(1));
    return StrCat(columns[0], " >= ? AND (", columns[0], " > ? OR (", rest, "))");
  }

  std::string order_;
  std::string condition_;
  mysql::Values values_;
};

}  // namespace tributary::incentive
