#include "partner-service/rows/as_of.h"

#include "common/text/text.h"

namespace tributary::partner {

std::string AsOf::ToString() const {
  return StrCat(day.has_value() ? day->ToString() : "", "@", known.has_value() ? absl::ToUnixMicros(*known) : -1);
}

AsOfRows::AsOfRows(std::string_view table, std::string_view holds, const AsOf& as_of) : table_(table) {
  if (as_of.known.has_value()) {
    table_ += "_revision";
    sql_ += " AND update_time <= ? AND known_until > ?";
    values_.insert(values_.end(), {*as_of.known, *as_of.known});
  }
  if (as_of.day.has_value()) {
    StrAppend(&sql_, " AND ", holds);
    values_.insert(values_.end(), {*as_of.day, *as_of.day});
  }
}

absl::Status KeepRevision(mysql::Transaction& sql, std::string_view table, std::string_view columns,
                          std::string_view partner_id, std::string_view id, int64_t version, absl::Time update_time) {
  if (version > 1) {
    RETURN_IF_ERROR(sql.Execute(StrCat("UPDATE ", table,
                                       "_revision SET known_until = ? "
                                       "WHERE partner_id = ? AND id = ? AND version = ? AND known_until > ?"),
                                {update_time, partner_id, id, version - 1, update_time})
                        .status());
  }
  return sql
      .Execute(StrCat("INSERT INTO ", table, "_revision (", columns, ", known_until) SELECT ", columns,
                      ", '9999-12-31 00:00:00' FROM ", table, " WHERE partner_id = ? AND id = ?"),
               {partner_id, id})
      .status();
}

std::string Assignments(std::string_view columns) {
  std::string assignments(columns);
  for (size_t at = 0; (at = assignments.find(',', at)) != std::string::npos; at += 5) assignments.insert(at, " = ?");
  return assignments + " = ?";
}

}  // namespace tributary::partner
