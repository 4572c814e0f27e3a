#pragma once

// AdventureWorks' lines as this service hears of them, for tests and benchmarks on real data: the resellers' lines as
// their sales with what was paid, the web shop's as the vendor's direct sales and as prices that were seen. As they
// are, they show nothing; Injected is what shows something.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "conflict-service/deals/deal.h"
#include "conflict-service/detection/detector.h"
#include "conflict-service/facts/facts.h"
#include "conflict-service/findings/finding.h"
#include "conflict-service/mass_balances/mass_balance.h"
#include "conflict-service/prices/price.h"

namespace tributary::conflict {

// When all of it is told.
absl::Time ReplayTime();

// A batch is of a thousand lines.
struct RealChannel {
  // The sales territories (in one region), what each reseller may sell where it is at home, and in each territory one
  // who alone may sell components, which the web shop does not have.
  FactBatch terms;
  // Nothing below the price at which dealers buy, but what they paid in promotions on the days of these; of a few
  // products cuts are followed.
  std::vector<PriceRule> price_rules;
  std::vector<FactBatch> sales, direct_sales;
  std::vector<std::vector<PriceObservation>> prices;  // of the direct sales
  std::map<int, std::vector<std::string>> partners;   // at home in a sales territory
  size_t sale_lines = 0, direct_lines = 0;
};
// `folder` holds the files. NOT_FOUND, INVALID_ARGUMENT.
absl::StatusOr<RealChannel> ReadRealChannel(const std::string& folder);

// Thirty cases of all kinds among the channel's lines, the same for the same files.
struct Injected {
  FactBatch facts;
  std::vector<PriceObservation> prices;
  std::vector<Deal> deals;
  std::vector<BalanceKey> balances;
  std::vector<Scan> scans;
  std::map<FindingKind, int64_t> findings;  // that follow
};
Injected InjectedInto(const RealChannel& channel);

}  // namespace tributary::conflict
