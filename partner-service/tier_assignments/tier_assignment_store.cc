#include "partner-service/tier_assignments/tier_assignment_store.h"

#include <string>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"
#include "partner-service/tier_assignments/tier_assignment_proto.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT partner_id, id, uid, version, create_time, update_time, program_id, program_revision, level, level_rank, "
    "valid_from, valid_to, cause, findings, notice_date, grace_date, demotion_date, notice_findings "
    "FROM tier_assignment ";

absl::StatusOr<TierAssignment> FromRow(const mysql::Row& row) {
  TierAssignment assignment{.partner_id = row.Text(0),
                            .id = row.Text(1),
                            .revision = {row.Id(2), row.Int(3), row.Instant(4), row.Instant(5)},
                            .program_id = row.Text(6),
                            .program_revision = row.Int(7),
                            .level = row.Text(8),
                            .rank = static_cast<int>(row.Int(9)),
                            .valid = {row.Day(10), row.IsNull(11) ? OpenEnd() : row.Day(11)},
                            .cause = static_cast<TierCause>(row.Int(12))};
  ASSIGN_OR_RETURN(assignment.findings, FindingsFromBytes(row.Bytes(13)));
  if (!row.IsNull(14)) {
    assignment.notice = {.given = row.Day(14), .grace = row.Day(15), .demotion = row.Day(16)};
    ASSIGN_OR_RETURN(assignment.notice->findings, FindingsFromBytes(row.Bytes(17)));
  }
  return assignment;
}

mysql::Value EndOf(const TierAssignment& assignment) {
  return assignment.holds() ? mysql::Value(std::nullopt) : mysql::Value(assignment.valid.end);
}

// The notice as its columns.
struct NoticeColumns {
  explicit NoticeColumns(const TierAssignment& assignment) {
    if (!assignment.notice.has_value()) return;
    given = assignment.notice->given;
    grace = assignment.notice->grace;
    demotion = assignment.notice->demotion;
    findings = FindingsToBytes(assignment.notice->findings);
  }
  std::optional<Date> given, grace, demotion;
  std::string findings;
};

}  // namespace

const std::vector<FilterField>& TierAssignmentStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::String("program", "CONCAT('partnerPrograms/', program_id)"),
      FilterField::String("level", "level"),
      FilterField::Day("valid_from", "valid_from"),
      FilterField::Day("valid_to", "valid_to"),
      FilterField::Enum("cause", "cause", NumberedNames(TierCause::kPromotion, TierCause::kDemotion)),
      FilterField::Day("notice_date", "notice_date"),
      FilterField::Day("demotion_date", "demotion_date"),
  };
  return fields;
}

absl::StatusOr<TierAssignment> TierAssignmentStore::Get(mysql::Transaction& sql, std::string_view partner_id,
                                                        std::string_view id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? AND id = ?"), {partner_id, id}));
  if (rows.empty()) return NotFound(StrCat("partners/", partner_id, "/tierAssignments/", id));
  return FromRow(rows.front());
}

absl::StatusOr<std::vector<TierAssignment>> TierAssignmentStore::List(mysql::Transaction& sql,
                                                                      std::string_view partner_id,
                                                                      const Page& page) const {
  const ChildPage rows_of(partner_id, page);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  std::vector<TierAssignment> assignments;
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(TierAssignment assignment, FromRow(row));
    assignments.push_back(std::move(assignment));
  }
  return assignments;
}

absl::StatusOr<std::optional<TierAssignment>> TierAssignmentStore::Current(mysql::Transaction& sql,
                                                                           std::string_view partner_id,
                                                                           std::string_view program_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? AND program_id = ? AND valid_to IS NULL"),
                             {partner_id, program_id}));
  if (rows.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(TierAssignment assignment, FromRow(rows.front()));
  return assignment;
}

absl::StatusOr<std::vector<TierAssignment>> TierAssignmentStore::Held(mysql::Transaction& sql,
                                                                      std::string_view partner_id) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat(kSelect, "WHERE partner_id = ? AND valid_to IS NULL AND level_rank > 0 ORDER BY program_id"),
                {partner_id}));
  std::vector<TierAssignment> held;
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(TierAssignment assignment, FromRow(row));
    held.push_back(std::move(assignment));
  }
  return held;
}

absl::StatusOr<std::optional<TierAssignment>> TierAssignmentStore::HeldOn(mysql::Transaction& sql,
                                                                          std::string_view partner_id,
                                                                          std::string_view program_id, Date day) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect,
                                    "WHERE partner_id = ? AND program_id = ? AND valid_from <= ? AND "
                                    "(valid_to IS NULL OR valid_to > ?)"),
                             {partner_id, program_id, day, day}));
  if (rows.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(TierAssignment assignment, FromRow(rows.front()));
  return assignment;
}

absl::Status TierAssignmentStore::Create(mysql::Transaction& sql, const TierAssignment& a) const {
  const std::string findings = FindingsToBytes(a.findings);
  const NoticeColumns notice(a);
  return sql
      .Execute(
          "INSERT INTO tier_assignment (partner_id, id, uid, version, create_time, update_time, program_id, "
          "program_revision, level, level_rank, valid_from, valid_to, cause, findings, notice_date, grace_date, "
          "demotion_date, notice_findings) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          {a.partner_id, a.id, a.revision.uid, a.revision.version, a.revision.create_time, a.revision.update_time,
           a.program_id, a.program_revision, a.level, a.rank, a.valid.start, EndOf(a), static_cast<int>(a.cause),
           findings, notice.given, notice.grace, notice.demotion, notice.findings})
      .status();
}

absl::Status TierAssignmentStore::Update(mysql::Transaction& sql, const TierAssignment& a) const {
  const NoticeColumns notice(a);
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE tier_assignment SET version = ?, update_time = ?, valid_to = ?, notice_date = ?, "
                  "grace_date = ?, demotion_date = ?, notice_findings = ? "
                  "WHERE partner_id = ? AND id = ? AND version = ?",
                  {a.revision.version, a.revision.update_time, EndOf(a), notice.given, notice.grace, notice.demotion,
                   notice.findings, a.partner_id, a.id, a.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, a.name());
}

}  // namespace tributary::partner
