#pragma once

// Direct sales: what the vendor sells past the channel. Values and decisions.

#include <optional>
#include <string>
#include <vector>

#include "common/money/decimal.h"
#include "common/status/status.h"
#include "common/time/date.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {

// A line that was sold to a customer; identified by (document, line). It belongs to no partner.
struct DirectSale : Fact {
  Date order_date;
  std::string currency;  // of both amounts
  Decimal unit_price;    // of one of what the quantity was stated in
  Decimal net_amount;
  std::string region;  // id; empty where not told
  std::string customer_code;
};

// directSales/{document}.{line}, with the generation.
std::string NameOf(const DirectSale& sale);
std::string KeyOf(const DirectSale& sale);
inline std::string KitOriginOf(const DirectSale&) { return {}; }
std::optional<FieldViolation> FirstDifference(const DirectSale& known, const DirectSale& stated);
// Vendor to customer, on the day it was ordered.
std::vector<Posting> Movements(const DirectSale& sale);
void NegateAmounts(DirectSale* sale);

}  // namespace tributary::inventory
