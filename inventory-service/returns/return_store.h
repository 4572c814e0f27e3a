#pragma once

// Return authorizations in the database.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/returns/return_authorization.h"

namespace tributary::inventory {

class ReturnStore {
 public:
  // ALREADY_EXISTS where the partner has it.
  absl::Status Insert(mysql::Transaction& sql, const ReturnAuthorization& authorization) const;
  // State, version, times and the day of receipt. The caller has the row from GetForUpdate.
  absl::Status Update(mysql::Transaction& sql, const ReturnAuthorization& authorization) const;
  // NOT_FOUND.
  absl::StatusOr<ReturnAuthorization> Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  absl::StatusOr<ReturnAuthorization> GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                   std::string_view id) const;
  // By (partner, id), after (after_partner, after_id); of all partners where `partner` is empty.
  absl::StatusOr<std::vector<ReturnAuthorization>> List(mysql::Transaction& sql, std::string_view partner,
                                                        std::string_view after_partner, std::string_view after_id,
                                                        const SqlPredicate& filter, int limit) const;
  // What can go back of these lines of shipments to the partner; those that were not shipped are left out. What the
  // answer says holds until the end of the transaction where the caller has locked the subject.
  absl::StatusOr<std::map<ShipmentKey, Returnable>> Returnables(mysql::Transaction& sql, std::string_view partner,
                                                                const std::set<ShipmentKey>& lines) const;
  // Units of the product that went back by received authorizations, in kits too, by the shipment's line and day.
  struct Returned {
    ShipmentKey original;
    Date day;
    Decimal quantity;
  };
  absl::StatusOr<std::vector<Returned>> ReturnedOf(mysql::Transaction& sql, std::string_view partner,
                                                   std::string_view product) const;

  static const std::vector<FilterField>& Fields();
};

}  // namespace tributary::inventory
