#pragma once

// AdventureWorks' lines as this service hears of them, for tests and benchmarks on real data: the resellers' lines as
// their sales, the web shop's as the vendor's direct sales and as prices that were seen. As they are, they show
// nothing; Injected is what shows something.

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "conflict-service/deals/customer_index.h"
#include "conflict-service/deals/deal.h"
#include "conflict-service/deals/deal_store.h"
#include "conflict-service/detection/detector.h"
#include "conflict-service/detection/diversion_detector.h"
#include "conflict-service/facts/grant_store.h"
#include "conflict-service/facts/region_store.h"
#include "conflict-service/facts/sale_store.h"
#include "conflict-service/findings/finding.h"
#include "conflict-service/findings/finding_store.h"
#include "conflict-service/mass_balances/mass_balance.h"
#include "conflict-service/prices/price.h"

namespace tributary::conflict {

// Batches are of some thousand lines.
struct RealChannel {
  // The sales territories (in one region), what each reseller may sell where it is at home, and in each territory one
  // who alone may sell components, which the web shop does not have.
  FactBatch terms;
  std::vector<PriceRule>
      price_rules;  // nothing below the price at which dealers buy; of a few products cuts are followed
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

// Tells a database what the service would hear, by the same detectors.
class Replay {
 public:
  explicit Replay(mysql::Database& database) : database_(database) {}

  absl::Status TellTerms(const RealChannel& channel);
  absl::Status TellSales(const RealChannel& channel);
  absl::Status TellDirectSales(const RealChannel& channel);
  absl::Status TellPrices(const RealChannel& channel);
  absl::Status Tell(const Injected& injected);

  // Open findings by kind, and their names.
  absl::StatusOr<std::map<FindingKind, int64_t>> Count();
  absl::StatusOr<std::set<std::string>> Open();

 private:
  absl::Status Tell(const FactBatch& facts);
  absl::Status Tell(const std::vector<PriceObservation>& prices);
  absl::Status HandIn(Deal deal);
  absl::Status In(absl::FunctionRef<absl::Status(mysql::Transaction&, events::Outbox&)> step);

  mysql::Database& database_;
  const DealStore deals_{};
  const GrantStore grants_{};
  const RegionStore regions_{};
  const SaleStore sales_{};
  const FindingStore findings_{};
  const Detector detector_{deals_, grants_, regions_, sales_, findings_};
  const DiversionDetector diversions_{};
  CustomerIndex customers_;
};

}  // namespace tributary::conflict
