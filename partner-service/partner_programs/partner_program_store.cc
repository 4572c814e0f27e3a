#include "partner-service/partner_programs/partner_program_store.h"

#include <string>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/partner_programs/partner_program_proto.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect = "SELECT id, uid, version, create_time, update_time, content FROM partner_program ";

absl::StatusOr<PartnerProgram> FromRow(const mysql::Row& row) {
  ASSIGN_OR_RETURN(PartnerProgram program, ProgramFromBytes(row.Bytes(5)));
  program.id = row.Text(0);
  program.revision = {row.Id(1), row.Int(2), row.Instant(3), row.Instant(4)};
  return program;
}

absl::StatusOr<std::vector<PartnerProgram>> FromRows(const mysql::Rows& rows) {
  std::vector<PartnerProgram> programs;
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(PartnerProgram program, FromRow(row));
    programs.push_back(std::move(program));
  }
  return programs;
}

absl::StatusOr<PartnerProgram> GetOne(mysql::Transaction& sql, std::string_view id, std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE id = ?", lock), {id}));
  if (rows.empty()) return NotFound(StrCat("partnerPrograms/", id));
  return FromRow(rows.front());
}

absl::Status Keep(mysql::Transaction& sql, const PartnerProgram& program, std::string_view content) {
  return sql
      .Execute("INSERT INTO partner_program_revision (program_id, revision, update_time, content) VALUES (?, ?, ?, ?)",
               {program.id, program.revision.version, program.revision.update_time, content})
      .status();
}

}  // namespace

const std::vector<FilterField>& PartnerProgramStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::String("display_name", "display_name"),
      FilterField::Boolean("on_hold", "on_hold"),
  };
  return fields;
}

absl::StatusOr<PartnerProgram> PartnerProgramStore::Get(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, "");
}

absl::StatusOr<PartnerProgram> PartnerProgramStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, " FOR UPDATE");
}

absl::StatusOr<PartnerProgram> PartnerProgramStore::GetRevision(mysql::Transaction& sql, std::string_view id,
                                                                int64_t revision) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT p.id, p.uid, r.revision, p.create_time, r.update_time, r.content "
                             "FROM partner_program p JOIN partner_program_revision r ON r.program_id = p.id "
                             "WHERE p.id = ? AND r.revision = ?",
                             {id, revision}));
  if (rows.empty()) return NotFound(StrCat("partnerPrograms/", id, " in revision ", revision));
  return FromRow(rows.front());
}

absl::StatusOr<std::vector<PartnerProgram>> PartnerProgramStore::List(mysql::Transaction& sql, const Page& page) const {
  const RootPage rows_of(page);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  return FromRows(rows);
}

absl::StatusOr<std::vector<PartnerProgram>> PartnerProgramStore::All(mysql::Transaction& sql,
                                                                     bool with_those_on_hold) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, with_those_on_hold ? "" : "WHERE on_hold = 0 ", "ORDER BY id")));
  return FromRows(rows);
}

absl::Status PartnerProgramStore::Create(mysql::Transaction& sql, const PartnerProgram& program) const {
  const std::string content = ProgramToBytes(program);
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert("INSERT INTO partner_program (id, uid, version, create_time, update_time, "
                    "display_name, on_hold, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    {program.id, program.revision.uid, program.revision.version, program.revision.create_time,
                     program.revision.update_time, program.display_name, program.on_hold, content}));
  return inserted ? Keep(sql, program, content) : AlreadyExists(program.name());
}

absl::Status PartnerProgramStore::Update(mysql::Transaction& sql, const PartnerProgram& program) const {
  const std::string content = ProgramToBytes(program);
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE partner_program SET version = ?, update_time = ?, display_name = ?, "
                               "on_hold = ?, content = ? WHERE id = ? AND version = ?",
                               {program.revision.version, program.revision.update_time, program.display_name,
                                program.on_hold, content, program.id, program.revision.version - 1}));
  return matched == 1 ? Keep(sql, program, content) : ChangedMeanwhile(sql, program.name());
}

}  // namespace tributary::partner
