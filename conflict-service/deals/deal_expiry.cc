#include "conflict-service/deals/deal_expiry.h"

#include <string>
#include <utility>
#include <vector>

#include "common/status/status.h"
#include "common/time/today.h"

namespace tributary::conflict {
namespace {

rpc::Expiry::Rules RulesOf(const DealStore& deals, Registrar& registrar) {
  return {
      .things = "deal registrations",
      .due = [&deals](mysql::Transaction& sql, absl::Time now,
                      int limit) -> absl::StatusOr<std::vector<rpc::Expiry::Id>> {
        ASSIGN_OR_RETURN(const std::vector<Deal> over, deals.Over(sql, UtcToday(now), limit));
        std::vector<rpc::Expiry::Id> due;
        for (const Deal& deal : over) due.emplace_back(deal.partner, deal.name);
        return due;
      },
      .end = [&deals, &registrar](rpc::Unit& unit, const rpc::Expiry::Id& id, absl::Time now) -> absl::StatusOr<bool> {
        RETURN_IF_ERROR(registrar.Lock(unit.sql()));
        ASSIGN_OR_RETURN(const Deal before, deals.GetForUpdate(unit.sql(), id.second));
        const absl::StatusOr<Deal> after = Expire(before, now);
        if (!after.ok()) return false;  // moved meanwhile
        RETURN_IF_ERROR(registrar.Save(unit, "expired", before, *after, now));
        return true;
      }};
}

}  // namespace

DealExpiry::DealExpiry(mysql::Database& database, const Clock& clock, const DealStore& deals, Registrar& registrar,
                       std::function<void()> committed)
    : Expiry(database, clock, RulesOf(deals, registrar), std::move(committed)) {}

}  // namespace tributary::conflict
