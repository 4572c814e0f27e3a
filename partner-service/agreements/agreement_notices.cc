#include "partner-service/agreements/agreement_notices.h"

#include <optional>
#include <utility>

#include "common/rpc/call.h"
#include "common/status/status.h"
#include "common/time/today.h"
#include "partner-service/agreements/agreement_proto.h"
#include "partner-service/agreements/agreement_store.h"
#include "partner-service/agreements/renewal.h"

namespace tributary::partner {
namespace {

// On the locked agreement.
absl::StatusOr<bool> Tell(rpc::Unit& unit, const rpc::Expiry::Id& id, absl::Time now) {
  const AgreementStore agreements;
  ASSIGN_OR_RETURN(Agreement agreement, agreements.GetForUpdate(unit.sql(), id.first, id.second));
  const std::optional<DueNotice> notice = NextNotice(agreement);
  if (!notice.has_value() || notice->day > UtcToday(now)) return false;
  agreement.told = notice->notice;
  RETURN_IF_ERROR(agreements.UpdateTold(unit.sql(), agreement));
  unit.Emit(Told(notice->notice == AgreementNotice::kRenewalDue ? "renewalDue" : "ended", agreement));
  return true;
}

}  // namespace

AgreementNotices::AgreementNotices(mysql::Database& database, const Clock& clock, std::function<void()> committed)
    : Expiry(database, clock,
             {.things = "agreements",
              .due = [](mysql::Transaction& sql, absl::Time now,
                        int limit) { return AgreementStore().WithDueNotice(sql, now, limit); },
              .end = Tell},
             std::move(committed)) {}

}  // namespace tributary::partner
