#include "partner-service/evaluations/evaluation_store.h"

#include <string>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/evaluations/evaluation_proto.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT partner_id, id, uid, version, create_time, update_time, template_id, first_template_id, period, "
    "start_date, end_date, state, publish_time, content FROM evaluation ";

absl::StatusOr<Evaluation> FromRow(const mysql::Row& row) {
  Evaluation evaluation{.partner_id = row.Text(0),
                        .id = row.Text(1),
                        .revision = {row.Id(2), row.Int(3), row.Instant(4), row.Instant(5)},
                        .template_id = row.Text(6),
                        .first_template_id = row.Text(7),
                        .period = row.Text(8),
                        .days = {row.Day(9), row.Day(10)},
                        .state = static_cast<EvaluationState>(row.Int(11))};
  if (!row.IsNull(12)) evaluation.publish_time = row.Instant(12);
  RETURN_IF_ERROR(PutContent(row.Bytes(13), &evaluation));
  return evaluation;
}

absl::StatusOr<std::optional<Evaluation>> First(const mysql::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(Evaluation evaluation, FromRow(rows.front()));
  return evaluation;
}

absl::StatusOr<Evaluation> GetOne(mysql::Transaction& sql, std::string_view partner_id, std::string_view id,
                                  std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? AND id = ?", lock), {partner_id, id}));
  if (rows.empty()) return NotFound(StrCat("partners/", partner_id, "/evaluations/", id));
  return FromRow(rows.front());
}

}  // namespace

const std::vector<FilterField>& EvaluationStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::String("template", "CONCAT('scorecardTemplates/', template_id)"),
      FilterField::String("period", "period"),
      FilterField::Day("start", "start_date"),
      FilterField::Day("end", "end_date"),
      FilterField::Enum("state", "state", NumberedNames(EvaluationState::kOpen, EvaluationState::kWithdrawn)),
      FilterField::Enum("consequence", "consequence", NumberedNames(ScoreConsequence::kNone, ScoreConsequence::kBlock)),
      FilterField::Timestamp("publish_time", "publish_time"),
  };
  return fields;
}

absl::StatusOr<Evaluation> EvaluationStore::Get(mysql::Transaction& sql, std::string_view partner_id,
                                                std::string_view id) const {
  return GetOne(sql, partner_id, id, "");
}

absl::StatusOr<Evaluation> EvaluationStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                                         std::string_view id) const {
  return GetOne(sql, partner_id, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<Evaluation>> EvaluationStore::List(mysql::Transaction& sql, std::string_view partner_id,
                                                              bool open_too, const Page& page) const {
  ChildPage rows_of(partner_id, page);
  if (!open_too) rows_of.Where("state <> ?", {static_cast<int>(EvaluationState::kOpen)});
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  std::vector<Evaluation> evaluations;
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(Evaluation evaluation, FromRow(row));
    evaluations.push_back(std::move(evaluation));
  }
  return evaluations;
}

absl::StatusOr<std::optional<Evaluation>> EvaluationStore::Of(mysql::Transaction& sql, std::string_view partner_id,
                                                              std::string_view template_id,
                                                              std::string_view period) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? AND template_id = ? AND period = ? AND state <> ?"),
                             {partner_id, template_id, period, static_cast<int>(EvaluationState::kWithdrawn)}));
  return First(rows);
}

absl::StatusOr<std::optional<Evaluation>> EvaluationStore::LastPublished(mysql::Transaction& sql,
                                                                         std::string_view partner_id,
                                                                         std::string_view first_template_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect,
                                    "WHERE partner_id = ? AND first_template_id = ? AND publish_time IS NOT NULL AND "
                                    "state <> ? ORDER BY publish_time DESC, id LIMIT 1"),
                             {partner_id, first_template_id, static_cast<int>(EvaluationState::kWithdrawn)}));
  return First(rows);
}

absl::Status EvaluationStore::Create(mysql::Transaction& sql, const Evaluation& e) const {
  const std::string content = ContentToBytes(e);
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert("INSERT INTO evaluation (partner_id, id, uid, version, create_time, update_time, template_id, "
                    "first_template_id, period, start_date, end_date, state, consequence, publish_time, content) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    {e.partner_id, e.id, e.revision.uid, e.revision.version, e.revision.create_time,
                     e.revision.update_time, e.template_id, e.first_template_id, e.period, e.days.start, e.days.end,
                     static_cast<int>(e.state), static_cast<int>(e.scorecard.consequence), e.publish_time, content}));
  return inserted ? absl::OkStatus() : AlreadyExists(e.name());
}

absl::Status EvaluationStore::Update(mysql::Transaction& sql, const Evaluation& e) const {
  const std::string content = ContentToBytes(e);
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE evaluation SET version = ?, update_time = ?, state = ?, consequence = ?, publish_time = ?, "
                  "content = ? WHERE partner_id = ? AND id = ? AND version = ?",
                  {e.revision.version, e.revision.update_time, static_cast<int>(e.state),
                   static_cast<int>(e.scorecard.consequence), e.publish_time, content, e.partner_id, e.id,
                   e.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, e.name());
}

}  // namespace tributary::partner
