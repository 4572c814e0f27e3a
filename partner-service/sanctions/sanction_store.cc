#include "partner-service/sanctions/sanction_store.h"

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT partner_id, id, uid, version, create_time, update_time, kind, level, reason, cause, territory_grants, "
    "effective_from, effective_to, state, suspends, principal, lift_reason, lifter, lift_time FROM sanction ";

Sanction FromRow(const mysql::Row& row) {
  Sanction sanction{.partner_id = row.Text(0),
                    .id = row.Text(1),
                    .revision = {row.Id(2), row.Int(3), row.Instant(4), row.Instant(5)},
                    .kind = static_cast<SanctionKind>(row.Int(6)),
                    .level = static_cast<int>(row.Int(7)),
                    .reason = row.Text(8),
                    .cause = row.Text(9),
                    .territory_grants = SplitLines(row.Bytes(10)),
                    .effective = {row.Day(11), row.IsNull(12) ? OpenEnd() : row.Day(12)},
                    .state = static_cast<SanctionState>(row.Int(13)),
                    .suspends = row.Bool(14),
                    .principal = row.Text(15),
                    .lift_reason = row.Text(16),
                    .lifter = row.Text(17)};
  if (!row.IsNull(18)) sanction.lift_time = row.Instant(18);
  return sanction;
}

mysql::Value EndOf(const Sanction& sanction) {
  return sanction.effective.end == OpenEnd() ? mysql::Value(std::nullopt) : mysql::Value(sanction.effective.end);
}

absl::StatusOr<Sanction> GetOne(mysql::Transaction& sql, std::string_view partner_id, std::string_view id,
                                std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? AND id = ?", lock), {partner_id, id}));
  if (rows.empty()) return NotFound(StrCat("partners/", partner_id, "/sanctions/", id));
  return FromRow(rows.front());
}

}  // namespace

const std::vector<FilterField>& SanctionStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("kind", "kind", NumberedNames(SanctionKind::kWarning, SanctionKind::kGrantReduction)),
      FilterField::Integer("level", "level"),
      FilterField::String("cause", "cause"),
      FilterField::Enum("state", "state", NumberedNames(SanctionState::kScheduled, SanctionState::kLifted)),
      FilterField::Day("effective_from", "effective_from"),
      FilterField::Day("effective_to", "effective_to"),
  };
  return fields;
}

absl::StatusOr<Sanction> SanctionStore::Get(mysql::Transaction& sql, std::string_view partner_id,
                                            std::string_view id) const {
  return GetOne(sql, partner_id, id, "");
}

absl::StatusOr<Sanction> SanctionStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                                     std::string_view id) const {
  return GetOne(sql, partner_id, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<Sanction>> SanctionStore::List(mysql::Transaction& sql, std::string_view partner_id,
                                                          const Page& page) const {
  const ChildPage rows_of(partner_id, page);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  std::vector<Sanction> sanctions;
  for (const mysql::Row& row : rows) sanctions.push_back(FromRow(row));
  return sanctions;
}

absl::StatusOr<std::vector<Sanction>> SanctionStore::Lasting(mysql::Transaction& sql,
                                                             std::string_view partner_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE partner_id = ? AND state <= ? ORDER BY id"),
                                                     {partner_id, static_cast<int>(SanctionState::kHalted)}));
  std::vector<Sanction> sanctions;
  for (const mysql::Row& row : rows) sanctions.push_back(FromRow(row));
  return sanctions;
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> SanctionStore::Due(mysql::Transaction& sql,
                                                                                    absl::Time now, int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT partner_id, id FROM sanction WHERE due_time <= ? "
                                                     "ORDER BY due_time, partner_id, id LIMIT ?",
                                                     {now, limit}));
  std::vector<std::pair<std::string, std::string>> due;
  for (const mysql::Row& row : rows) due.emplace_back(row.Text(0), row.Text(1));
  return due;
}

absl::Status SanctionStore::Create(mysql::Transaction& sql, const Sanction& s, std::optional<absl::Time> due) const {
  const std::string grants = JoinLines(s.territory_grants);
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(
          "INSERT INTO sanction (partner_id, id, uid, version, create_time, update_time, kind, level, reason, "
          "cause, territory_grants, effective_from, effective_to, state, suspends, principal, lift_reason, "
          "lifter, lift_time, due_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          {s.partner_id,
           s.id,
           s.revision.uid,
           s.revision.version,
           s.revision.create_time,
           s.revision.update_time,
           static_cast<int>(s.kind),
           s.level,
           s.reason,
           s.cause,
           grants,
           s.effective.start,
           EndOf(s),
           static_cast<int>(s.state),
           s.suspends,
           s.principal,
           s.lift_reason,
           s.lifter,
           s.lift_time,
           due}));
  return inserted ? absl::OkStatus() : AlreadyExists(s.name());
}

absl::Status SanctionStore::Update(mysql::Transaction& sql, const Sanction& s, std::optional<absl::Time> due) const {
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE sanction SET version = ?, update_time = ?, effective_from = ?, effective_to = ?, state = ?, "
                  "suspends = ?, lift_reason = ?, lifter = ?, lift_time = ?, due_time = ? "
                  "WHERE partner_id = ? AND id = ? AND version = ?",
                  {s.revision.version, s.revision.update_time, s.effective.start, EndOf(s), static_cast<int>(s.state),
                   s.suspends, s.lift_reason, s.lifter, s.lift_time, due, s.partner_id, s.id, s.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, s.name());
}

}  // namespace tributary::partner
