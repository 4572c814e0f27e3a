#include "partner-service/approvals/approval_expiry.h"

#include <optional>
#include <utility>

#include "common/rpc/call.h"
#include "common/status/status.h"
#include "partner-service/approvals/approval_proto.h"
#include "partner-service/approvals/approval_store.h"

namespace tributary::partner {
namespace {

absl::StatusOr<bool> Tell(rpc::Unit& unit, const rpc::Expiry::Id& id, absl::Time now) {
  ASSIGN_OR_RETURN(const ApprovalTask task, ApprovalTaskStore().GetForUpdate(unit.sql(), id.second));
  const std::optional<ApprovalTask> overdue = Overdue(task, now);
  if (!overdue.has_value()) return false;
  RETURN_IF_ERROR(ApprovalTaskStore().Update(unit.sql(), *overdue));
  unit.Emit(Told("overdue", *overdue));
  return true;
}

}  // namespace

ApprovalExpiry::ApprovalExpiry(mysql::Database& database, const Clock& clock, std::function<void()> committed)
    : Expiry(database, clock,
             {.things = "approval tasks",
              .due = [](mysql::Transaction& sql, absl::Time now,
                        int limit) { return ApprovalTaskStore().DueBy(sql, now, limit); },
              .end = Tell},
             std::move(committed)) {}

}  // namespace tributary::partner
