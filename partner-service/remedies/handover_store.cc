#include "partner-service/remedies/handover_store.h"

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::partner {

absl::StatusOr<std::optional<StepHandover>> HandoverStore::Find(mysql::Transaction& sql, std::string_view remedy_uid,
                                                                int order) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT partner_id, grant_id, recipient_id, effective_from, given_back FROM "
                             "territory_handover WHERE remedy_uid = ? AND step = ?",
                             {remedy_uid, order}));
  if (rows.empty()) return std::optional<StepHandover>();
  const mysql::Row& row = rows.front();
  return std::optional(StepHandover{.remedy_uid = std::string(remedy_uid),
                                    .order = order,
                                    .partner_id = row.Text(0),
                                    .grant_id = row.Text(1),
                                    .recipient_id = row.Text(2),
                                    .from = row.Day(3),
                                    .given_back = row.Bool(4)});
}

absl::Status HandoverStore::Create(mysql::Transaction& sql, const StepHandover& handover) const {
  ASSIGN_OR_RETURN(const bool inserted,
                   sql.TryInsert("INSERT INTO territory_handover (remedy_uid, step, partner_id, grant_id, "
                                 "recipient_id, effective_from, given_back) VALUES (?, ?, ?, ?, ?, ?, ?)",
                                 {handover.remedy_uid, handover.order, handover.partner_id, handover.grant_id,
                                  handover.recipient_id, handover.from, handover.given_back}));
  if (inserted) return absl::OkStatus();
  return AlreadyExists(StrCat("a handover by step ", handover.order, " of remedy ", handover.remedy_uid));
}

absl::Status HandoverStore::MarkGivenBack(mysql::Transaction& sql, const StepHandover& handover) const {
  return sql
      .Execute("UPDATE territory_handover SET given_back = 1 WHERE remedy_uid = ? AND step = ?",
               {handover.remedy_uid, handover.order})
      .status();
}

}  // namespace tributary::partner
