#include "partner-service/access_records/access_record_store.h"

#include <string>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {

const std::vector<FilterField>& AccessRecordStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("action", "action", NumberedNames(AccessAction::kCreated, AccessAction::kRejected)),
      FilterField::String("resource", "resource"),
      FilterField::String("principal", "principal"),
      FilterField::Timestamp("create_time", "create_time"),
  };
  return fields;
}

absl::StatusOr<std::vector<AccessRecord>> AccessRecordStore::List(mysql::Transaction& sql, std::string_view partner_id,
                                                                  const Page& page) const {
  const ChildPage rows_of(partner_id, page);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT partner_id, id, create_time, action, resource, principal, fields, purpose "
                                    "FROM access_record ",
                                    rows_of.sql()),
                             rows_of.values()));
  std::vector<AccessRecord> records;
  records.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(const Uuid id, Uuid::Parse(row.Bytes(1)));
    records.push_back({.partner_id = row.Text(0),
                       .id = id,
                       .create_time = row.Instant(2),
                       .action = static_cast<AccessAction>(row.Int(3)),
                       .resource = row.Text(4),
                       .principal = row.Text(5),
                       .fields = SplitLines(row.Bytes(6)),
                       .purpose = row.Text(7)});
  }
  return records;
}

absl::Status AccessRecordStore::Add(mysql::Transaction& sql, const AccessRecord& r) const {
  const std::string id = r.id.ToString(), fields = JoinLines(r.fields);
  return sql
      .Execute(
          "INSERT INTO access_record (partner_id, id, create_time, action, resource, principal, fields, purpose) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
          {r.partner_id, id, r.create_time, static_cast<int>(r.action), r.resource, r.principal, fields, r.purpose})
      .status();
}

}  // namespace tributary::partner
