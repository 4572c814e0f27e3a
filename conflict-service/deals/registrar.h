#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/approvals/approval_asks.h"
#include "common/rpc/call.h"
#include "conflict-service/contests/contest_store.h"
#include "conflict-service/deals/customer_index.h"
#include "conflict-service/deals/deal_figures_store.h"
#include "conflict-service/deals/deal_store.h"
#include "conflict-service/deals/scope_check.h"
#include "conflict-service/detection/detector.h"
#include "conflict-service/facts/region_store.h"

namespace tributary::conflict {

// Where registrations meet: one lock puts all of them in an order, and whatever decides on one reads the others under
// it, so that what any two replicas grant and waitlist never overlaps. Each step is to be made under Lock.
class Registrar {
 public:
  Registrar(const DealStore& deals, const RegionStore& regions, const PolicyStore& policies,
            const ContestStore& contests, const Detector& detector, CustomerIndex& customers)
      : deals_(deals),
        regions_(regions),
        policies_(policies),
        contests_(contests),
        detector_(detector),
        customers_(customers) {}

  // Before any deal is read that is to change. One lock for all: who is the same customer is a matter of likeness, so
  // that no key could stand for it.
  absl::Status Lock(mysql::Transaction& sql) const { return detector_.LockDeals(sql); }

  // The registrations of other partners for the customer of `deal` (same_customer.h) that block, by sequence, and the
  // places of all.
  struct Around {
    std::vector<Deal> others;
    Places places;
  };
  absl::StatusOr<Around> Look(mysql::Transaction& sql, const Deal& deal) const;
  // The hierarchy as far as these deals need it.
  absl::StatusOr<Places> Place(mysql::Transaction& sql, const std::vector<const Deal*>& deals) const;

  // What else blocks for the customer of `deal`, of any partner, by name.
  struct Similar {
    Deal deal;
    std::string why;
    std::vector<Box> shared;  // with what `deal` asks for
  };
  absl::StatusOr<std::vector<Similar>> FindSimilar(mysql::Transaction& sql, const Deal& deal);

  // A deal begins to block: gives it its place in the order, finds its customer's other registrations, says whether any
  // meets it, and (`contested`) brings it into a contest with those whose time to be contested is not over.
  absl::StatusOr<Deal> Enter(rpc::Unit& unit, Deal deal, bool contested, absl::Time now);

  // Stores a deal that has moved from `before`, and tells all that follow. One that no longer awaits approval leaves no
  // task.
  absl::Status Save(rpc::Unit& unit, std::string_view verb, const Deal& before, const Deal& deal, absl::Time now);

 private:
  // What blocks for the customer of `deal`, of any partner, by name; `more` are keys of customers that may be it too.
  absl::StatusOr<std::vector<Deal>> ForCustomerOf(mysql::Transaction& sql, const Deal& deal,
                                                  const std::set<std::string>& more) const;
  absl::StatusOr<Deal> Join(rpc::Unit& unit, Deal deal, const Around& around, absl::Time now);
  // Of the contest `from`, which goes on as `to` until `end`: the members, where that is news to them.
  absl::StatusOr<std::vector<Deal>> MoveContest(rpc::Unit& unit, const std::string& from, const std::string& to,
                                                Date end, absl::Time now);

  const DealStore& deals_;
  const RegionStore& regions_;
  const PolicyStore& policies_;
  const ContestStore& contests_;
  const Detector& detector_;
  CustomerIndex& customers_;
  const DealFiguresStore figures_{};
  const approvals::ApprovalAsks asks_{};
};

}  // namespace tributary::conflict
