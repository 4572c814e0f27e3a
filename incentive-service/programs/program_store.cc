#include "incentive-service/programs/program_store.h"

#include <map>
#include <string>
#include <utility>

#include "common/text/text.h"
#include "incentive-service/programs/program_periods.h"
#include "incentive-service/programs/revision.h"
#include "incentive-service/programs/terms_columns.h"

namespace tributary::incentive {
namespace {

// Of both tables.
const std::string& Columns() {
  static const auto& columns =
      *new std::string(StrCat("program, version, uid, create_time, update_time, state, ", kTermsColumns));
  return columns;
}
constexpr size_t kOwnWidth = 6;

Program FromRow(const mysql::Row& row) {
  Program program{.id = row.Text(0),
                  .uid = row.Id(2),
                  .version = row.Int(1),
                  .create_time = row.Instant(3),
                  .update_time = row.Instant(4),
                  .state = static_cast<ProgramState>(row.Int(5))};
  ReadTerms(row, kOwnWidth, &program);
  return program;
}

std::vector<Program> FromRows(const mysql::Rows& rows) {
  std::vector<Program> programs;
  programs.reserve(rows.size());
  for (const mysql::Row& row : rows) programs.push_back(FromRow(row));
  return programs;
}

// Reads the periods and the revisions of these programs, each with one statement.
absl::StatusOr<std::vector<Program>> WithRevisions(mysql::Transaction& sql, std::vector<Program> programs) {
  if (programs.empty()) return programs;
  RETURN_IF_ERROR(ReadPeriods(sql, &programs));
  std::map<std::string_view, Program*> by_id;
  std::string marks;
  mysql::Values values;
  for (Program& program : programs) {
    by_id.emplace(program.id, &program);
    marks += marks.empty() ? "?" : ", ?";
    values.push_back(program.id);
  }
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT v.program, r.starts_on, r.version, ", kTermsColumns,
                       " FROM program_revision r JOIN program_version v ON v.program = r.program AND v.version = "
                       "r.version WHERE r.program IN (",
                       marks, ") ORDER BY r.program, r.starts_on"),
                values));
  for (const mysql::Row& row : rows) {
    Program revision;
    ReadTerms(row, 3, &revision);
    by_id.at(row.Bytes(0))->revisions.push_back({row.Day(1), row.Int(2), revision.terms, CountedOf(revision)});
  }
  return programs;
}

absl::StatusOr<Program> GetOne(mysql::Transaction& sql, std::string_view id, std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", Columns(), " FROM program WHERE program = ?", lock), {id}));
  if (rows.empty()) return NotFound(StrCat("programs/", id));
  ASSIGN_OR_RETURN(std::vector<Program> programs, WithRevisions(sql, FromRows(rows)));
  return std::move(programs.front());
}

// Both tables have the same columns.
absl::Status KeepVersion(mysql::Transaction& sql, std::string_view id) {
  return sql
      .Execute(
          StrCat("INSERT INTO program_version (", Columns(), ") SELECT ", Columns(), " FROM program WHERE program = ?"),
          {id})
      .status();
}

absl::StatusOr<ProgramEpoch> LockEpoch(mysql::Transaction& sql, std::string_view how) {
  const std::string text = StrCat("SELECT epoch, changed_at FROM program_epoch WHERE id = 1 ", how);
  ASSIGN_OR_RETURN(mysql::Rows rows, sql.Query(text));
  if (rows.empty()) {
    // The first time of all: a row that is not there cannot be locked.
    RETURN_IF_ERROR(
        sql.TryInsert("INSERT INTO program_epoch (id, epoch, changed_at) VALUES (1, 0, UTC_TIMESTAMP(6))", {})
            .status());
    ASSIGN_OR_RETURN(rows, sql.Query(text));
  }
  return ProgramEpoch{rows.at(0).Int(0), rows.at(0).Instant(1)};
}

}  // namespace

absl::Status ProgramStore::Insert(mysql::Transaction& sql, const Program& program) const {
  mysql::Values values = {program.id,          program.version,     program.uid,
                          program.create_time, program.update_time, static_cast<int>(program.state)};
  const TermsTexts texts(program);
  AppendTerms(program, texts, &values);
  ASSIGN_OR_RETURN(const bool inserted,
                   sql.TryInsert(StrCat("INSERT INTO program (", Columns(),
                                        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                                 values));
  if (!inserted) return AlreadyExists(program.name());
  RETURN_IF_ERROR(KeepPeriods(sql, program));
  return KeepVersion(sql, program.id);
}

absl::StatusOr<Program> ProgramStore::Get(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, "");
}

absl::StatusOr<Program> ProgramStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, " FOR UPDATE");
}

absl::StatusOr<Program> ProgramStore::GetVersion(mysql::Transaction& sql, std::string_view id, int64_t version) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", Columns(), " FROM program_version WHERE program = ? AND version = ?"),
                             {id, version}));
  if (rows.empty()) return NotFound(StrCat("programs/", id, "@", version));
  std::vector<Program> programs = FromRows(rows);
  RETURN_IF_ERROR(ReadPeriods(sql, &programs));
  return std::move(programs.front());
}

absl::StatusOr<Program> ProgramStore::GetRevision(mysql::Transaction& sql, const RevisionName& name) const {
  return name.version.has_value() ? GetVersion(sql, name.id, *name.version) : Get(sql, name.id);
}

absl::StatusOr<std::vector<Program>> ProgramStore::ListVersions(mysql::Transaction& sql, std::string_view id,
                                                                int64_t after, int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT ", Columns(),
                                                            " FROM program_version WHERE program = ? AND version > ? "
                                                            "ORDER BY version LIMIT ?"),
                                                     {id, after, limit}));
  std::vector<Program> programs = FromRows(rows);
  RETURN_IF_ERROR(ReadPeriods(sql, &programs));
  return programs;
}

absl::Status ProgramStore::Update(mysql::Transaction& sql, const Program& program) const {
  mysql::Values values = {program.version, program.update_time, static_cast<int>(program.state)};
  const TermsTexts texts(program);
  AppendTerms(program, texts, &values);
  values.insert(values.end(), {program.id, program.version - 1});
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE program SET version = ?, update_time = ?, state = ?, display_name = ?, basis = ?, shape = ?, "
                  "bound = ?, tiers = ?, period = ?, currency = ?, rounding = ?, effective_from = ?, effective_to = ?, "
                  "conditions = ? WHERE program = ? AND version = ?",
                  values));
  if (matched != 1) return Error(Reason::kConflictRetry, StrCat(program.name(), " changed while it was being changed"));
  RETURN_IF_ERROR(KeepPeriods(sql, program));
  return KeepVersion(sql, program.id);
}

absl::Status ProgramStore::UpdateRevised(mysql::Transaction& sql, const Program& program) const {
  RETURN_IF_ERROR(Update(sql, program));
  mysql::Values values;
  for (const TermsRevision& revision : program.revisions) {
    values.insert(values.end(), {program.id, revision.starts_on, revision.version});
  }
  return sql.InsertRows("INSERT INTO program_revision (program, starts_on, version) VALUES", 3, values,
                        "ON DUPLICATE KEY UPDATE version = VALUES(version)");
}

const std::vector<FilterField>& ProgramStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum("state", "state", {{"DRAFT", int64_t{1}}, {"ACTIVE", int64_t{2}}, {"ENDED", int64_t{3}}}),
      FilterField::Enum("shape", "shape",
                        {{"MARGINAL", int64_t{1}},
                         {"RETROACTIVE", int64_t{2}},
                         {"ROLLING", int64_t{3}},
                         {"TOTAL", int64_t{4}},
                         {"FLAT", int64_t{5}},
                         {"PER_UNIT", int64_t{6}},
                         {"TARGET", int64_t{7}}}),
      FilterField::Enum("basis", "basis",
                        {{"ORDER", int64_t{1}},
                         {"SELL_IN", int64_t{2}},
                         {"INVOICED", int64_t{3}},
                         {"SELL_THROUGH", int64_t{4}},
                         {"PAID", int64_t{5}},
                         {"WON_DEAL", int64_t{6}}}),
  };
  return fields;
}

absl::StatusOr<std::vector<Program>> ProgramStore::List(mysql::Transaction& sql, std::string_view after,
                                                        const SqlPredicate& where, bool ended_too, int limit) const {
  mysql::Values values = {after};
  values.insert(values.end(), where.values().begin(), where.values().end());
  values.push_back(limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", Columns(), " FROM program WHERE program > ? AND (", where.sql(), ")",
                                    ended_too ? "" : " AND state <> 3", " ORDER BY program LIMIT ?"),
                             values));
  return WithRevisions(sql, FromRows(rows));
}

absl::StatusOr<std::vector<Program>> ProgramStore::Accruing(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", Columns(), " FROM program WHERE state <> 1 ORDER BY program")));
  return WithRevisions(sql, FromRows(rows));
}

absl::Status ProgramStore::HoldSet(mysql::Transaction& sql) const { return HoldEpoch(sql).status(); }

absl::StatusOr<ProgramEpoch> ProgramStore::HoldEpoch(mysql::Transaction& sql) const {
  return LockEpoch(sql, "LOCK IN SHARE MODE");
}

absl::Status ProgramStore::LockSet(mysql::Transaction& sql) const {
  RETURN_IF_ERROR(LockEpoch(sql, "FOR UPDATE"));
  return sql.Execute("UPDATE program_epoch SET epoch = epoch + 1, changed_at = UTC_TIMESTAMP(6) WHERE id = 1").status();
}

absl::StatusOr<std::map<ProgramState, int64_t>> ProgramStore::CountByState(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT state, COUNT(*) FROM program GROUP BY state"));
  std::map<ProgramState, int64_t> counts;
  for (const mysql::Row& row : rows) counts[static_cast<ProgramState>(row.Int(0))] = row.Int(1);
  return counts;
}

}  // namespace tributary::incentive
