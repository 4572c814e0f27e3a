#pragma once

// Sales and registrations against each other, for the rules that see a sale in what somebody else was promised
// (rules/promise.h).

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/scopes/region_tree.h"
#include "common/time/date.h"
#include "conflict-service/deals/customer_index.h"
#include "conflict-service/deals/deal.h"
#include "conflict-service/facts/facts.h"
#include "conflict-service/facts/sale_store.h"
#include "conflict-service/findings/finding.h"

namespace tributary::conflict {

// What such a rule says of a sale and a registration.
using DealRule = std::optional<Conclusion> (*)(const Sale& sale, const Deal& deal, const RegionTree& regions);

// Whose sales they are: `In` of their store.
using SalesIn = absl::Status (*)(mysql::Transaction& sql, const std::set<std::string>& regions, const DateRange& days,
                                 SalesVisitor visit);

// Calls `visit` with each of the sales of these days in these regions, in what lies in them and in what they lie in,
// and with where all these lie.
absl::Status VisitAround(mysql::Transaction& sql, SalesIn sales_in, const std::vector<std::string>& regions,
                         const DateRange& days, absl::FunctionRef<void(const Sale&, const RegionTree&)> visit);

// What the rule says of the registration and all sales.
absl::StatusOr<std::vector<Conclusion>> ConcludeOfDeal(mysql::Transaction& sql, SalesIn sales_in, const Deal& deal,
                                                       DealRule rule);

// What the rule says of these sales and all registrations, which are found by the customers that the sales name, as
// registrations find each other. What is to last is concluded under a lock that whoever changes a registration holds.
absl::StatusOr<std::vector<Conclusion>> ConcludeOfSales(mysql::Transaction& sql, CustomerIndex& customers,
                                                        const std::vector<Sale>& sales, DealRule rule);

}  // namespace tributary::conflict
