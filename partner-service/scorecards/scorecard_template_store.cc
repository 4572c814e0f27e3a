#include "partner-service/scorecards/scorecard_template_store.h"

#include <string>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"
#include "partner-service/scorecards/scorecard_template_proto.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, uid, version, create_time, update_time, first_id, content FROM scorecard_template ";

absl::StatusOr<ScorecardTemplate> FromRow(const mysql::Row& row) {
  ASSIGN_OR_RETURN(ScorecardTemplate read, ScorecardTemplateFromBytes(row.Bytes(6)));
  read.id = row.Text(0);
  read.revision = {row.Id(1), row.Int(2), row.Instant(3), row.Instant(4)};
  read.first_id = row.Text(5);
  return read;
}

}  // namespace

absl::StatusOr<ScorecardTemplate> ScorecardTemplateStore::Get(mysql::Transaction& sql, std::string_view id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE id = ?"), {id}));
  if (rows.empty()) return NotFound(StrCat("scorecardTemplates/", id));
  return FromRow(rows.front());
}

absl::StatusOr<std::vector<ScorecardTemplate>> ScorecardTemplateStore::List(mysql::Transaction& sql,
                                                                            const Page& page) const {
  const RootPage rows_of(page);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  std::vector<ScorecardTemplate> templates;
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(ScorecardTemplate one, FromRow(row));
    templates.push_back(std::move(one));
  }
  return templates;
}

absl::Status ScorecardTemplateStore::Create(mysql::Transaction& sql, const ScorecardTemplate& t) const {
  const std::string content = ScorecardTemplateToBytes(t);
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert("INSERT INTO scorecard_template (id, uid, version, create_time, update_time, first_id, "
                    "content) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    {t.id, t.revision.uid, t.revision.version, t.revision.create_time, t.revision.update_time,
                     t.first_id, content}));
  return inserted ? absl::OkStatus() : AlreadyExists(t.name());
}

}  // namespace tributary::partner
