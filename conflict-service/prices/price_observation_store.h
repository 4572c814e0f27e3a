#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "conflict-service/prices/price.h"

namespace tributary::conflict {

// Stateless and thread-safe.
class PriceObservationStore {
 public:
  // Stores observations and answers those that are new; one that is known with the same content, also from the same
  // list, is not. ROW_CONFLICT: known with other content; nothing is stored then.
  absl::StatusOr<std::vector<PriceObservation>> Put(mysql::Transaction& sql,
                                                    const std::vector<PriceObservation>& observations) const;
  // Its withdrawal; under the locks of the rules.
  absl::Status Withdraw(mysql::Transaction& sql, const PriceObservation& observation) const;

  // NOT_FOUND.
  absl::StatusOr<PriceObservation> Get(mysql::Transaction& sql, std::string_view name) const;
  // By name, those after `after`; withdrawn ones only where asked for.
  absl::StatusOr<std::vector<PriceObservation>> List(mysql::Transaction& sql, const SqlPredicate& filter,
                                                     bool withdrawn_too, std::string_view after, int limit) const;
  static const std::vector<FilterField>& Fields();

  // Those of these offers that stand, by offer.
  absl::StatusOr<std::vector<PriceObservation>> OfOffers(mysql::Transaction& sql,
                                                         const std::set<std::string>& offers) const;
  // Days on which something was seen in the market, be it withdrawn.
  absl::StatusOr<std::set<Date>> Days(mysql::Transaction& sql, const std::string& market) const;
  // The first day after this observation for which its seller's advertised price in its market stands.
  absl::StatusOr<std::optional<Date>> NextDay(mysql::Transaction& sql, const PriceObservation& observation) const;
  // Advertised prices of the market on these days that stand, and, of each of their sellers, those of the last day
  // before.
  absl::StatusOr<std::vector<PriceObservation>> OfMarket(mysql::Transaction& sql, const std::string& market,
                                                         const DateRange& days) const;
  // Advertised prices of the market that stand.
  absl::StatusOr<std::vector<PriceObservation>> OfMarket(mysql::Transaction& sql, const std::string& market) const;

  // The partner's prices of the product from that day on that stand.
  absl::StatusOr<std::vector<PriceObservation>> Since(mysql::Transaction& sql, const std::string& partner,
                                                      const std::string& product, Date from) const;

  // Names of those of days before `before` that nothing rests on: no open finding is about one, its offer or its market
  // whose case is not CLOSED.
  absl::StatusOr<std::vector<std::string>> Settled(mysql::Transaction& sql, Date before, int limit) const;
  // Deletes one where it still is such; whether it did. Under the locks of the rules.
  absl::StatusOr<bool> Forget(mysql::Transaction& sql, const std::string& name, Date before) const;

  // Called with some hashes at a time.
  using Visitor = absl::FunctionRef<absl::Status(const std::set<std::string>&)>;
  // The offers of these products, then those in these regions (named by the observation itself).
  absl::Status VisitOffers(mysql::Transaction& sql, const std::set<std::string>& products,
                           const std::set<std::string>& regions, Visitor visit) const;
  // The markets of these products.
  absl::StatusOr<std::set<std::string>> Markets(mysql::Transaction& sql, const std::set<std::string>& products) const;
};

}  // namespace tributary::conflict
