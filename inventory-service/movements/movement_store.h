#pragma once

// What moved, by day, read from the ledger and from the facts: of one partner, as of a date and as known at a moment.
// What was reversed as known then is left out. Reads only.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/ledger/posting.h"
#include "inventory-service/movements/movement.h"
#include "inventory-service/replenishment/proposal.h"

namespace tributary::inventory {

class MovementStore {
 public:
  // Products that were ever posted at the partner, by id, after `after`.
  absl::StatusOr<std::vector<std::string>> Products(mysql::Transaction& sql, std::string_view partner,
                                                    std::string_view after, const SqlPredicate& filter,
                                                    const AsOf& as_of, int limit) const;
  // The books of these products at the partner's sites.
  absl::StatusOr<std::map<SiteProduct, SiteBook>> Books(mysql::Transaction& sql, std::string_view partner,
                                                        const std::vector<std::string_view>& products,
                                                        const AsOf& as_of) const;
  // Units of STOCKED products shipped to the partner by ship date, returns negative; of these products, or of all of
  // them together under "" where none is named. What was shipped in kits counts as their parts, and as the kit where
  // that is named.
  absl::StatusOr<std::map<std::string, ByDay>> SellIn(mysql::Transaction& sql, std::string_view partner,
                                                      const std::vector<std::string_view>& products,
                                                      const AsOf& as_of) const;
  // The same of what the partner sold, by sale date.
  absl::StatusOr<std::map<std::string, ByDay>> SellThrough(mysql::Transaction& sql, std::string_view partner,
                                                           const std::vector<std::string_view>& products,
                                                           const AsOf& as_of) const;
  // Which days' sales at each of the sites (any, where one is empty) are told, up to the date: those that reports of
  // sales cover; where the partner never sent one, from the day of the first recorded sale, of whatever product, to
  // that of the last one, as known then: whoever records its sales otherwise states all of them.
  absl::StatusOr<std::map<std::string, ToldDays>> Told(mysql::Transaction& sql, std::string_view partner,
                                                       const std::set<std::string>& sites, const AsOf& as_of) const;
  // Of what sites the partner has to tell sales of these products, or of all where none is named: where one of them
  // ever moved, or `main` where none did, which is owed for all time.
  absl::StatusOr<std::vector<SiteTold>> SitesTold(mysql::Transaction& sql, std::string_view partner,
                                                  const std::vector<std::string_view>& products,
                                                  const AsOf& as_of) const;
  // Whether a count of the partner's stock was ever approved, or a clerk corrected it: what lies there was looked at.
  // What the partner itself writes off in its reports, and what was lost on its way, says nothing of the rest.
  absl::StatusOr<bool> EverCounted(mysql::Transaction& sql, std::string_view partner, const AsOf& as_of) const;
  // Order date to ship date of the partner's standing shipment lines that are no returns, by product; under "" of all.
  absl::StatusOr<std::map<std::string, LeadTimeSums>> LeadTimes(mysql::Transaction& sql, std::string_view partner,
                                                                const AsOf& as_of) const;

  static const std::vector<FilterField>& ProductFields();
};

}  // namespace tributary::inventory
