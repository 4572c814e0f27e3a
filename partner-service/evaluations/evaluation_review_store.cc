#include "partner-service/evaluations/evaluation_review_store.h"

#include <algorithm>

#include "common/events/outbox.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

// Due at once, whatever the time is.
const absl::Time kAtOnce = absl::UnixEpoch();
constexpr absl::Duration kApart = absl::Milliseconds(500);
// Of names in one IN list.
constexpr size_t kNames = 256;

}  // namespace

absl::Status EvaluationReviewStore::Begin(mysql::Transaction& sql, std::string_view partner_id,
                                          std::string_view evaluation_id, absl::Time due, absl::Time now) const {
  return sql
      .Execute("INSERT INTO evaluation_review (partner_id, evaluation_id, due_time, review_time) VALUES (?, ?, ?, ?)",
               {partner_id, evaluation_id, due, now})
      .status();
}

absl::Status EvaluationReviewStore::Ask(mysql::Transaction& sql, const std::vector<std::string>& partner_ids) const {
  for (size_t from = 0; from < partner_ids.size(); from += kNames) {
    const size_t to = std::min(from + kNames, partner_ids.size());
    const IdList list(
        {partner_ids.begin() + static_cast<int64_t>(from), partner_ids.begin() + static_cast<int64_t>(to)});
    mysql::Values values = {kAtOnce};
    values.insert(values.end(), list.values().begin(), list.values().end());
    RETURN_IF_ERROR(
        sql.Execute(StrCat("UPDATE evaluation_review SET due_time = ? WHERE partner_id IN ", list.sql()), values)
            .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> EvaluationReviewStore::Due(mysql::Transaction& sql,
                                                                                            absl::Time now,
                                                                                            int limit) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT partner_id, evaluation_id FROM evaluation_review WHERE due_time <= ? AND review_time <= ? "
                "ORDER BY due_time, partner_id, evaluation_id LIMIT ?",
                {now, now - kApart, limit}));
  std::vector<std::pair<std::string, std::string>> due;
  for (const mysql::Row& row : rows) due.emplace_back(row.Text(0), row.Text(1));
  return due;
}

absl::StatusOr<std::optional<absl::Time>> EvaluationReviewStore::Hold(mysql::Transaction& sql,
                                                                      std::string_view partner_id,
                                                                      std::string_view evaluation_id) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT due_time FROM evaluation_review WHERE partner_id = ? AND evaluation_id = ? FOR UPDATE",
                {partner_id, evaluation_id}));
  if (rows.empty()) return std::nullopt;
  return rows.front().Instant(0);
}

absl::Status EvaluationReviewStore::Next(mysql::Transaction& sql, std::string_view partner_id,
                                         std::string_view evaluation_id, absl::Time due, absl::Time now) const {
  return sql
      .Execute("UPDATE evaluation_review SET due_time = ?, review_time = ? WHERE partner_id = ? AND evaluation_id = ?",
               {due, now, partner_id, evaluation_id})
      .status();
}

absl::Status EvaluationReviewStore::End(mysql::Transaction& sql, std::string_view partner_id,
                                        std::string_view evaluation_id) const {
  return sql
      .Execute("DELETE FROM evaluation_review WHERE partner_id = ? AND evaluation_id = ?", {partner_id, evaluation_id})
      .status();
}

}  // namespace tributary::partner
