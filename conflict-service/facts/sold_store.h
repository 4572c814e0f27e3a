#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "conflict-service/facts/facts.h"
#include "conflict-service/prices/price.h"

namespace tributary::conflict {

// What was sold, beside SaleStore, which knows where and whether it was reversed. Stateless and thread-safe.
class SoldStore {
 public:
  // Facts do not change: one that is there already stays.
  absl::Status Put(mysql::Transaction& sql, const std::vector<SoldGoods>& sold) const;

  // Sales and returns of the product by these partners that stand and count on these days.
  absl::StatusOr<std::vector<SoldUnits>> Of(mysql::Transaction& sql, const std::string& product,
                                            const std::set<std::string>& partners, const DateRange& days) const;

  // Partners of which a sale or return of the product stands that tells one of these days.
  absl::StatusOr<std::set<std::string>> Sellers(mysql::Transaction& sql, const std::string& product,
                                                const DateRange& days) const;

  // Of those of these sales that stand and tell a region, and what was paid for units: the prices, as if they had been
  // seen (PriceObservation::sold_units).
  absl::StatusOr<std::vector<PriceObservation>> PricesOf(mysql::Transaction& sql,
                                                         const std::set<std::string>& sales) const;
  // Called with some prices at a time.
  using PricesVisitor = absl::FunctionRef<absl::Status(const std::vector<PriceObservation>&)>;
  // The same of all sales of the product on these days, by name.
  absl::Status VisitPrices(mysql::Transaction& sql, const std::string& product, const DateRange& days,
                           PricesVisitor visit) const;
};

}  // namespace tributary::conflict
