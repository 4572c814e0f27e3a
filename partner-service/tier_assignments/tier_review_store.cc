#include "partner-service/tier_assignments/tier_review_store.h"

#include <algorithm>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

// Due at once, whatever the time is.
const absl::Time kAtOnce = absl::UnixEpoch();
// Of names in one IN list.
constexpr size_t kNames = 256;
// Of a burst.
constexpr absl::Duration kAfterLast = absl::Seconds(2);
constexpr absl::Duration kAfterFirst = absl::Seconds(20);

}  // namespace

absl::Status TierReviewStore::Begin(mysql::Transaction& sql, std::string_view partner_id) const {
  return sql
      .Execute(
          "INSERT INTO tier_review (partner_id, due_time) VALUES (?, ?) "
          "ON DUPLICATE KEY UPDATE due_time = VALUES(due_time), asked_time = NULL",
          {partner_id, kAtOnce})
      .status();
}

absl::Status TierReviewStore::Ask(mysql::Transaction& sql, const std::vector<std::string>& partner_ids) const {
  for (size_t from = 0; from < partner_ids.size(); from += kNames) {
    const size_t to = std::min(from + kNames, partner_ids.size());
    const IdList list(
        {partner_ids.begin() + static_cast<int64_t>(from), partner_ids.begin() + static_cast<int64_t>(to)});
    mysql::Values values = {kAtOnce};
    values.insert(values.end(), list.values().begin(), list.values().end());
    RETURN_IF_ERROR(sql.Execute(StrCat("UPDATE tier_review SET due_time = ? WHERE partner_id IN ", list.sql(),
                                       " AND EXISTS (SELECT 1 FROM partner_program)"),
                                values)
                        .status());
  }
  return absl::OkStatus();
}

absl::Status TierReviewStore::AskSoon(mysql::Transaction& sql, const std::vector<std::string>& partner_ids,
                                      absl::Time now) const {
  for (size_t from = 0; from < partner_ids.size(); from += kNames) {
    const size_t to = std::min(from + kNames, partner_ids.size());
    const IdList list(
        {partner_ids.begin() + static_cast<int64_t>(from), partner_ids.begin() + static_cast<int64_t>(to)});
    // Set from the left: the due time by the first asking as it was.
    mysql::Values values = {now, now + kAfterLast - kAfterFirst, now + kAfterLast, now};
    values.insert(values.end(), list.values().begin(), list.values().end());
    RETURN_IF_ERROR(sql.Execute(StrCat("UPDATE tier_review SET due_time = CASE WHEN due_time <= ? THEN due_time "
                                       "WHEN asked_time IS NULL OR asked_time > ? THEN ? "
                                       "ELSE asked_time + INTERVAL ",
                                       absl::ToInt64Seconds(kAfterFirst),
                                       " SECOND END, asked_time = COALESCE(asked_time, ?) "
                                       "WHERE partner_id IN ",
                                       list.sql(), " AND EXISTS (SELECT 1 FROM partner_program)"),
                                values)
                        .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> TierReviewStore::Due(mysql::Transaction& sql,
                                                                                      absl::Time now, int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT partner_id FROM tier_review WHERE due_time <= ? ORDER BY due_time, partner_id "
                             "LIMIT ?",
                             {now, limit}));
  std::vector<std::pair<std::string, std::string>> due;
  for (const mysql::Row& row : rows) due.emplace_back(row.Text(0), "");
  return due;
}

absl::StatusOr<std::optional<absl::Time>> TierReviewStore::Hold(mysql::Transaction& sql,
                                                                std::string_view partner_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT due_time FROM tier_review WHERE partner_id = ? FOR UPDATE", {partner_id}));
  if (rows.empty()) return std::nullopt;
  return rows.front().Instant(0);
}

absl::Status TierReviewStore::Next(mysql::Transaction& sql, std::string_view partner_id, absl::Time due) const {
  return sql.Execute("UPDATE tier_review SET due_time = ?, asked_time = NULL WHERE partner_id = ?", {due, partner_id})
      .status();
}

absl::Status TierReviewStore::End(mysql::Transaction& sql, std::string_view partner_id) const {
  return sql.Execute("DELETE FROM tier_review WHERE partner_id = ?", {partner_id}).status();
}

}  // namespace tributary::partner
