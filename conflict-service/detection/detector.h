#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "conflict-service/deals/customer_index.h"
#include "conflict-service/deals/deal_store.h"
#include "conflict-service/facts/facts.h"
#include "conflict-service/facts/grant_store.h"
#include "conflict-service/facts/region_store.h"
#include "conflict-service/facts/sale_store.h"
#include "conflict-service/findings/finding.h"
#include "conflict-service/findings/finding_store.h"
#include "conflict-service/rules/duplicate_sale.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {

// What some events tell, in their order.
struct FactBatch {
  std::vector<RegionFact> regions;
  std::vector<PartnerFact> partners;
  std::vector<CustomerFact> customers;
  std::vector<Grant> grants;
  std::vector<Sale> sales;         // partners'
  std::vector<Sale> direct_sales;  // the vendor's own
  std::vector<ReconciledGap> gaps;
  std::vector<ShippedUnits> shipped;
  std::vector<KeyedSale> sale_keys;  // of the sales
  std::vector<SoldGoods> sold;       // by the sales
  std::vector<SoldSerials> sold_serials;
  std::vector<HandedOver> handed_over;
  std::vector<KitFact> kits;
  std::vector<LotFlow> lot_flows;
};

// Brings the findings into agreement with the facts, in the transaction that changes the facts: takes the locks of the
// rules that look at what changes, stores it, finds by index what may now be seen otherwise, runs the rules on that
// alone, and opens, changes or withdraws findings. Thanks to the locks the set of open findings is a function of the
// stored facts after every commit, in whatever order and by however many replicas they are stored. Thread-safe.
class Detector {
 public:
  Detector(const DealStore& deals, const GrantStore& grants, const RegionStore& regions, const SaleStore& sales,
           const FindingStore& findings, CustomerIndex& customers)
      : deals_(deals), grants_(grants), regions_(regions), sales_(sales), findings_(findings), customers_(customers) {}

  // The locks that Apply takes, and those of prices, which tell what becomes of a PRICE_ACTION: for a transaction that
  // takes answers to remedies, and so locks remedies and cases, before it. Rules come first everywhere.
  absl::Status LockForAnswers(mysql::Transaction& sql, const FactBatch& facts) const;
  // Stores facts and draws the conclusions.
  absl::Status Apply(mysql::Transaction& sql, const FactBatch& facts, absl::Time now, events::Outbox& outbox) const;

  // What EXCLUSIVE_OVERLAP concludes of these grants and all others.
  absl::StatusOr<std::vector<Conclusion>> OverlapsOf(mysql::Transaction& sql, const std::set<std::string>& names) const;

  // What helpers' grants share with exclusive ones, by the names of the two.
  absl::StatusOr<std::vector<AllowedOverlap>> AllowedOverlaps(mysql::Transaction& sql) const;
  // What OUT_OF_TERRITORY concludes of all partners' sales of these days. Stores nothing.
  absl::StatusOr<std::vector<Conclusion>> OutOfTerritoryIn(mysql::Transaction& sql, const DateRange& days) const;
  // What DUPLICATE_DEAL concludes of all registrations whose days meet these: of each pair as it stands now, or else as
  // both were handed in, where each was there before the other ended. Stores nothing.
  absl::StatusOr<std::vector<Conclusion>> DuplicateDealsIn(mysql::Transaction& sql, const DateRange& days) const;

  // Before a deal is read that may begin or cease to block.
  absl::Status LockDeals(mysql::Transaction& sql) const;
  // After it has been stored.
  absl::Status DealChanged(mysql::Transaction& sql, const Deal& deal, absl::Time now, events::Outbox& outbox) const;

 private:
  struct Moment {  // what every step needs
    mysql::Transaction& sql;
    absl::Time now;
    events::Outbox& outbox;
  };
  absl::Status PairGrants(const Moment& at, const std::set<std::string>& names) const;
  absl::Status PairDeals(const Moment& at, std::vector<Deal> deals) const;
  absl::Status LocateSales(const Moment& at, const std::vector<Sale>& sales) const;
  absl::Status JudgeSales(const Moment& at, const std::vector<Sale>& sales) const;
  absl::StatusOr<std::vector<Conclusion>> OutsideOf(mysql::Transaction& sql, const std::vector<Sale>& sales) const;
  absl::Status Settle(const Moment& at, const std::set<FindingKind>& kinds, const std::set<std::string>& subjects,
                      const std::vector<Conclusion>& conclusions) const;

  const DealStore& deals_;
  const GrantStore& grants_;
  const RegionStore& regions_;
  const SaleStore& sales_;
  const FindingStore& findings_;
  CustomerIndex& customers_;
};

}  // namespace tributary::conflict
