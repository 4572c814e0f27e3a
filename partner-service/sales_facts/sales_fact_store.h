#pragma once

// Sales facts in the database; the only SQL about them. Each call works in the caller's transaction.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "partner-service/sales_facts/sales_fact.h"

namespace tributary::partner {

// By which of its dates a fact counts.
enum class CountedBy { kOrderDate, kMoveDate };

// Which facts are added up.
struct SalesQuery {
  std::string partner_id;
  SalesSource source = SalesSource::kShipment;
  CountedBy by = CountedBy::kMoveDate;
  DateRange days;
  // Of one of these lines or one of these products; with neither of both, all.
  std::vector<std::string> product_lines;
  std::vector<std::string> products;
};

// Facts of one currency, added up.
struct SalesTotal {
  std::string currency;  // empty where no amount was told
  Decimal amount;
  Decimal quantity;
  int64_t facts = 0;
};

class SalesFactStore {
 public:
  // Adds facts and sets the counted dates of all that these touch. A fact that is there already changes nothing. Called
  // for a partner by one transaction at a time (its shard's).
  absl::Status Add(mysql::Transaction& sql, std::vector<SalesFact> facts) const;

  // By currency.
  absl::StatusOr<std::vector<SalesTotal>> Totals(mysql::Transaction& sql, const SalesQuery& query) const;
};

}  // namespace tributary::partner
