#include "conflict-service/cases/case_store.h"

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kColumns =
    "id, uid, version, create_time, update_time, state, kind, cause, severity, finding_withdrawn, rule_version, "
    "subjects, evidence, evidence_sha256, occurred_on, due_time, outcome, resolution, resolve_time, close_time, "
    "escalation, escalate_after, escalate_time, escalated_to";
constexpr size_t kWidth = 24;

// What never changes is left out.
constexpr std::string_view kChanging[] = {"version",    "update_time",       "state",         "cause",
                                          "severity",   "finding_withdrawn", "subjects",      "rule_version",
                                          "evidence",   "evidence_sha256",   "occurred_on",   "due_time",
                                          "outcome",    "resolution",        "resolve_time",  "close_time",
                                          "escalation", "escalate_after",    "escalate_time", "escalated_to"};

std::optional<absl::Time> OptionalInstant(const mysql::Row& row, size_t column) {
  if (row.IsNull(column)) return std::nullopt;
  return row.Instant(column);
}

Case FromRow(const mysql::Row& row) {
  Case one{.id = row.Text(0),
           .uid = row.Id(1),
           .version = row.Int(2),
           .create_time = row.Instant(3),
           .update_time = row.Instant(4),
           .state = static_cast<CaseState>(row.Int(5)),
           .kind = static_cast<FindingKind>(row.Int(6)),
           .cause = static_cast<Cause>(row.Int(7)),
           .severity = static_cast<Severity>(row.Int(8)),
           .finding_withdrawn = row.Bool(9),
           .rule_version = row.Text(10),
           .subjects = SplitLines(row.Bytes(11)),
           .evidence = row.Text(12),
           .evidence_sha256 = row.Text(13),
           .due_time = OptionalInstant(row, 15),
           .outcome = static_cast<Outcome>(row.Int(16)),
           .resolution = row.Text(17),
           .resolve_time = OptionalInstant(row, 18),
           .close_time = OptionalInstant(row, 19),
           .escalation = static_cast<int32_t>(row.Int(20)),
           .escalate_after = OptionalInstant(row, 21),
           .escalate_time = OptionalInstant(row, 22),
           .escalated_to = static_cast<StaffRole>(row.Int(23))};
  if (!row.IsNull(14)) one.occurred_on = row.Day(14);
  return one;
}

std::string Explained() { return StrCat(static_cast<int>(Outcome::kExplained)); }

absl::StatusOr<Case> GetOne(mysql::Transaction& sql, std::string_view id, std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM conflict_case WHERE id = ?", lock), {id}));
  if (rows.empty()) return NotFound(StrCat("cases/", id));
  return FromRow(rows[0]);
}

template <typename T>
std::vector<FilterField::EnumName> NamesOf(std::initializer_list<T> values) {
  std::vector<FilterField::EnumName> names;
  for (const T value : values) names.push_back({std::string(NameOf(value)), static_cast<int64_t>(value)});
  return names;
}

}  // namespace

absl::StatusOr<std::map<std::string, Case>> CaseStore::ForUpdate(mysql::Transaction& sql,
                                                                 const std::set<std::string>& ids) const {
  std::map<std::string, Case> cases;
  RETURN_IF_ERROR(ForNames(ids, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT ", kColumns, " FROM conflict_case WHERE id IN ", in, " FOR UPDATE"), values));
    for (const mysql::Row& row : rows) cases.emplace(row.Text(0), FromRow(row));
    return absl::OkStatus();
  }));
  return cases;
}

absl::Status CaseStore::Save(mysql::Transaction& sql, const std::vector<Case>& cases) const {
  Texts texts;
  mysql::Values rows;
  for (const Case& one : cases) {
    rows.insert(rows.end(), {one.id,
                             one.uid,
                             one.version,
                             one.create_time,
                             one.update_time,
                             static_cast<int>(one.state),
                             static_cast<int>(one.kind),
                             static_cast<int>(one.cause),
                             static_cast<int>(one.severity),
                             one.finding_withdrawn,
                             one.rule_version,
                             texts.Keep(JoinLines(one.subjects)),
                             one.evidence,
                             one.evidence_sha256,
                             mysql::Value(one.occurred_on),
                             mysql::Value(one.due_time),
                             static_cast<int>(one.outcome),
                             one.resolution,
                             mysql::Value(one.resolve_time),
                             mysql::Value(one.close_time),
                             one.escalation,
                             mysql::Value(one.escalate_after),
                             mysql::Value(one.escalate_time),
                             static_cast<int>(one.escalated_to)});
  }
  std::string tail = "ON DUPLICATE KEY UPDATE ";
  for (const std::string_view column : kChanging) {
    StrAppend(&tail, column == kChanging[0] ? "" : ", ", column, " = VALUES(", column, ")");
  }
  return sql.InsertRows(StrCat("INSERT INTO conflict_case (", kColumns, ") VALUES"), kWidth, rows, tail);
}

absl::StatusOr<Case> CaseStore::Get(mysql::Transaction& sql, std::string_view id) const { return GetOne(sql, id, ""); }

absl::StatusOr<Case> CaseStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<Case>> CaseStore::List(mysql::Transaction& sql, const SqlPredicate& filter,
                                                  bool explained_too, std::string_view after, int limit,
                                                  std::string_view party) const {
  mysql::Values values = {after};
  std::string more = explained_too ? "" : StrCat(" AND outcome <> ", Explained());
  // A subject is the party itself, or something below it.
  const std::string itself = StrCat("\n", party, "\n"), below = StrCat("\n", party, "/");
  if (!party.empty()) {
    StrAppend(&more, " AND (INSTR(CONCAT(CHAR(10), subjects, CHAR(10)), ?) > 0 OR ",
              "INSTR(CONCAT(CHAR(10), subjects), ?) > 0)");
    values.insert(values.end(), {itself, below});
  }
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.emplace_back(limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT ", kColumns, " FROM conflict_case WHERE id > ?",
                                                            more, " AND ", filter.sql(), " ORDER BY id LIMIT ?"),
                                                     values));
  std::vector<Case> cases;
  for (const mysql::Row& row : rows) cases.push_back(FromRow(row));
  return cases;
}

absl::StatusOr<std::vector<Case>> CaseStore::Some(mysql::Transaction& sql, const std::set<std::string>& ids,
                                                  const SqlPredicate& filter) const {
  std::vector<Case> cases;
  RETURN_IF_ERROR(ForNames(ids, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    mysql::Values bound = values;
    bound.insert(bound.end(), filter.values().begin(), filter.values().end());
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT ", kColumns, " FROM conflict_case WHERE id IN ", in, " AND outcome <> ",
                                      Explained(), " AND ", filter.sql()),
                               bound));
    for (const mysql::Row& row : rows) cases.push_back(FromRow(row));
    return absl::OkStatus();
  }));
  return cases;
}

const std::vector<FilterField>& CaseStore::Fields() {
  static const auto* const fields = [] {
    std::vector<FilterField::EnumName> kinds, states;
    for (FindingKind kind : kAllFindingKinds) {
      kinds.push_back({std::string(NameOf(kind)), static_cast<int64_t>(kind)});
    }
    for (CaseState state : kAllCaseStates) states.push_back({std::string(NameOf(state)), static_cast<int64_t>(state)});
    return new std::vector<FilterField>{
        FilterField::Enum("state", "state", states),
        FilterField::Enum("kind", "kind", kinds),
        FilterField::Enum("cause", "cause", NamesOf({Cause::kBenefit, Cause::kRole, Cause::kCompetition})),
        FilterField::Enum("severity", "severity", NamesOf({Severity::kLow, Severity::kMedium, Severity::kHigh})),
        FilterField::Enum("outcome", "outcome",
                          NamesOf({Outcome::kNone, Outcome::kConfirmed, Outcome::kUnfounded, Outcome::kExplained})),
        FilterField::Timestamp("due_time", "due_time"),
        FilterField::Timestamp("create_time", "create_time"),
        FilterField::Enum(
            "escalated_to", "escalated_to",
            NamesOf({StaffRole::kNone, StaffRole::kChannelManager, StaffRole::kFinance, StaffRole::kAdministrator}))};
  }();
  return *fields;
}

absl::StatusOr<std::map<CaseState, int64_t>> CaseStore::CountByState(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT state, COUNT(*) FROM conflict_case WHERE outcome <> ", Explained(), " GROUP BY state")));
  std::map<CaseState, int64_t> counts;
  for (const mysql::Row& row : rows) counts[static_cast<CaseState>(row.Int(0))] = row.Int(1);
  return counts;
}

absl::StatusOr<int64_t> CaseStore::CountOverdue(mysql::Transaction& sql, absl::Time now) const {
  // By the index of state and due_time: of each state from the first to the last that is late.
  std::string states;
  for (const CaseState state : kAllCaseStates) StrAppend(&states, states.empty() ? "" : ", ", static_cast<int>(state));
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT COUNT(*) FROM conflict_case WHERE state IN (", states, ") AND due_time <= ?"), {now}));
  return rows.at(0).Int(0);
}

absl::StatusOr<std::vector<std::string>> CaseStore::ToEscalate(mysql::Transaction& sql, absl::Time now,
                                                               int limit) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT id FROM conflict_case WHERE escalate_after <= ? ORDER BY escalate_after, id LIMIT ?",
                {now, limit}));
  std::vector<std::string> ids;
  for (const mysql::Row& row : rows) ids.push_back(row.Text(0));
  return ids;
}

absl::Status CaseStore::AddEscalations(mysql::Transaction& sql, const std::string& id,
                                       const std::vector<CaseEscalation>& escalations) const {
  mysql::Values values;
  for (const CaseEscalation& one : escalations) {
    values.insert(values.end(),
                  {id, one.escalate_time, one.level, static_cast<int>(one.state), static_cast<int>(one.role)});
  }
  return sql.InsertRows("INSERT INTO case_escalation (case_id, escalate_time, level, state, role) VALUES", 5, values,
                        "ON DUPLICATE KEY UPDATE level = VALUES(level), state = VALUES(state), role = VALUES(role)");
}

absl::StatusOr<std::vector<CaseEscalation>> CaseStore::Escalations(mysql::Transaction& sql,
                                                                   const std::string& id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT level, escalate_time, state, role FROM case_escalation WHERE "
                             "case_id = ? ORDER BY escalate_time",
                             {id}));
  std::vector<CaseEscalation> escalations;
  for (const mysql::Row& row : rows) {
    escalations.push_back({static_cast<int32_t>(row.Int(0)), row.Instant(1), static_cast<CaseState>(row.Int(2)),
                           static_cast<StaffRole>(row.Int(3))});
  }
  return escalations;
}

absl::StatusOr<std::map<StaffRole, int64_t>> CaseStore::CountEscalated(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT escalated_to, COUNT(*) FROM conflict_case WHERE escalation > "
                             "0 GROUP BY escalated_to"));
  std::map<StaffRole, int64_t> counts;
  for (const mysql::Row& row : rows) counts[static_cast<StaffRole>(row.Int(0))] = row.Int(1);
  return counts;
}

absl::StatusOr<std::map<FindingKind, CaseFigures>> CaseStore::FiguresByKind(mysql::Transaction& sql) const {
  const std::string closed = StrCat("state = ", static_cast<int>(CaseState::kClosed), " AND outcome = ");
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT kind, CAST(SUM(", closed, static_cast<int>(Outcome::kConfirmed),
                       ") AS SIGNED), CAST(SUM(", closed, static_cast<int>(Outcome::kUnfounded),
                       ") AS SIGNED), CAST(COALESCE(AVG(GREATEST(0, TIMESTAMPDIFF(SECOND, occurred_on + INTERVAL 1 "
                       "DAY, create_time))), 0) AS SIGNED), CAST(COALESCE(AVG(TIMESTAMPDIFF(SECOND, create_time, "
                       "resolve_time)), 0) AS SIGNED) FROM conflict_case WHERE outcome <> ",
                       Explained(), " GROUP BY kind")));
  std::map<FindingKind, CaseFigures> figures;
  for (const mysql::Row& row : rows) {
    figures[static_cast<FindingKind>(row.Int(0))] = {row.Int(1), row.Int(2), row.Int(3), row.Int(4)};
  }
  return figures;
}

}  // namespace tributary::conflict
