#include "conflict-service/deals/deal_notices.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/status/status.h"
#include "common/time/today.h"
#include "conflict-service/deals/deal_notice_store.h"
#include "conflict-service/deals/deal_proto.h"

namespace tributary::conflict {
namespace {

rpc::Expiry::Rules NoticeRules(const DealStore& deals, const DealLimitsStore& limits) {
  return {.things = "notices of deal registrations",
          .due = [&limits](mysql::Transaction& sql, absl::Time now,
                           int limit) -> absl::StatusOr<std::vector<rpc::Expiry::Id>> {
            ASSIGN_OR_RETURN(const DealLimits current, limits.Current(sql));
            ASSIGN_OR_RETURN(const std::vector<std::string> names,
                             DealNoticeStore().Due(sql, current, UtcToday(now), limit));
            std::vector<rpc::Expiry::Id> due;
            for (const std::string& name : names) due.emplace_back(std::string(), name);
            return due;
          },
          .end = [&deals, &limits](rpc::Unit& unit, const rpc::Expiry::Id& id, absl::Time now) -> absl::StatusOr<bool> {
            ASSIGN_OR_RETURN(const Deal deal, deals.GetForUpdate(unit.sql(), id.second));
            // It may have been renewed, won or given up meanwhile.
            if (deal.state != Deal::State::kApproved && deal.state != Deal::State::kPartApproved) return false;
            ASSIGN_OR_RETURN(const DealLimits current, limits.Current(unit.sql()));
            const std::optional<int> days = current.NoticeDue(deal.scope.time.end, UtcToday(now));
            if (!days) return false;
            ASSIGN_OR_RETURN(const bool first, DealNoticeStore().Add(unit.sql(), deal, *days, now));
            if (first) unit.Emit(Told("expiring", deal));
            return first;
          }};
}

}  // namespace

DealNotices::DealNotices(mysql::Database& database, const Clock& clock, const DealStore& deals,
                         const DealLimitsStore& limits, std::function<void()> committed)
    : Expiry(database, clock, NoticeRules(deals, limits), std::move(committed)) {}

}  // namespace tributary::conflict
