#pragma once

// Units of products in the database.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/units/unit_conversion.h"

namespace tributary::inventory {

class UnitConversionStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<UnitConversion> Get(mysql::Transaction& sql, std::string_view product, std::string_view id) const;
  // NOT_FOUND; nobody else changes it until the transaction ends.
  absl::StatusOr<UnitConversion> GetForUpdate(mysql::Transaction& sql, std::string_view product,
                                              std::string_view id) const;
  // ALREADY_EXISTS.
  absl::Status Insert(mysql::Transaction& sql, const UnitConversion& unit) const;
  // Of one that GetForUpdate read.
  absl::Status Update(mysql::Transaction& sql, const UnitConversion& unit) const;
  absl::Status Delete(mysql::Transaction& sql, const UnitConversion& unit) const;
  // Of one product, by id, after `after`.
  absl::StatusOr<std::vector<UnitConversion>> List(mysql::Transaction& sql, std::string_view product,
                                                   std::string_view after, const SqlPredicate& filter, int limit) const;
  static const std::vector<FilterField>& Fields();

  // All units of the products, by product, for ToBaseUnits: one statement. A product without any is left out.
  absl::StatusOr<std::map<std::string, std::vector<UnitConversion>>> Of(
      mysql::Transaction& sql, const std::vector<std::string_view>& products) const;
};

}  // namespace tributary::inventory
