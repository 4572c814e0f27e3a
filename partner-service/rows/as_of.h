#pragma once

// Rows that are kept as they were after each change, and reading them as of a day (valid time) and a moment (known
// time). Beside a table lies {table}_revision with the columns of the resource, update_time among them, and
// known_until.

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "common/status/status.h"
#include "common/time/date.h"
#include "common/wire/wire.h"

namespace tributary::partner {

// What a read asks for.
struct AsOf {
  std::optional<Date> day;          // unset: whatever its days and state
  std::optional<absl::Time> known;  // unset: as it is known
  // Tells questions apart, for page tokens.
  std::string ToString() const;
};

// as_of_date and known_time of a request. INVALID_FIELD: no date; a moment after `now`, for what will be known then is
// not known yet.
template <typename Request>
absl::StatusOr<AsOf> AsOfOf(const Request& request, absl::Time now) {
  AsOf as_of;
  if (request.has_as_of_date()) {
    const auto day = wire::FromProto(request.as_of_date());
    if (!day.ok()) return AtField(day.status(), "as_of_date");
    as_of.day = *day;
  }
  if (request.has_known_time()) {
    as_of.known = wire::FromProto(request.known_time());
    if (*as_of.known > now) {
      return InvalidField("known_time", absl::FormatTime(*as_of.known, absl::UTCTimeZone()),
                          "a moment that has passed");
    }
  }
  return as_of;
}

// Where rows as of something are read: the table and the condition that picks them among its rows. `holds` is the
// condition that a row holds on a day, with two ? for it. Looks into `as_of`, which outlives it.
class AsOfRows {
 public:
  AsOfRows(std::string_view table, std::string_view holds, const AsOf& as_of);
  const std::string& table() const { return table_; }
  const std::string& sql() const { return sql_; }
  const mysql::Values& values() const { return values_; }

 private:
  std::string table_;
  std::string sql_ = "TRUE";
  mysql::Values values_;
};

// Keeps the row that has just been written as its next revision; the one before was known until `update_time`, or until
// it was deleted.
// `columns` are those of the resource, "a, b, c".
absl::Status KeepRevision(mysql::Transaction& sql, std::string_view table, std::string_view columns,
                          std::string_view partner_id, std::string_view id, int64_t version, absl::Time update_time);

// Columns as they stand in an UPDATE: "a, b" as "a = ?, b = ?".
std::string Assignments(std::string_view columns);

}  // namespace tributary::partner
