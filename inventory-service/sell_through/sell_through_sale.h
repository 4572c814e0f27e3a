#pragma once

// Sell-through sales: what partners report to have sold on. Values and decisions.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/money/decimal.h"
#include "common/status/status.h"
#include "common/time/date.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {

// A line that a partner sold to a customer; identified by (partner, document, line), for the partner numbers its
// documents.
struct SellThroughSale : Fact {
  // The numbers are in the database.
  enum class Activity : int { kSale = 1, kReturn = 2, kAdjustment = 3 };
  enum class SaleType : int { kUntold = 0, kNew = 1, kRenewal = 2, kExpansion = 3 };

  Date sale_date;
  std::string site = std::string(kMainSite);  // id of where the units lay
  Activity activity = Activity::kSale;
  std::string currency;               // of the amounts; empty without any
  std::optional<Decimal> unit_price;  // of one of what the quantity was stated in, where told
  std::optional<Decimal> net_amount;  // as stated, where told
  std::string region;                 // id of where the customer is
  std::string end_customer;           // the partner's name of it
  std::string original_sale;          // name of the sale that a return takes back, where told
  SaleType sale_type = SaleType::kUntold;
  std::optional<Uuid> report;  // the partner's report that told it
};

// "SALE", "RETURN", "ADJUSTMENT".
std::string_view NameOf(SellThroughSale::Activity activity);
// "NEW", "RENEWAL", "EXPANSION"; empty where it is not told.
std::string_view NameOf(SellThroughSale::SaleType type);

// Sums over the sales that stand.
struct SellThroughTotals {
  int64_t lines = 0;
  int64_t returns = 0;
  int64_t adjustments = 0;
  Decimal units;                                    // sold less returned
  Decimal adjusted_units;                           // added less taken away
  std::map<std::string, Decimal> net_amounts;       // by currency, of those that were stated
  std::map<std::string, Decimal> amounts_at_price;  // by currency, quantity as stated x price
  int64_t partners = 0;
  int64_t documents = 0;
};

// A sale is 0 or more, a return 0 or less; only a return names an original sale, one of the same partner. The
// violations.
std::vector<FieldViolation> Check(const SellThroughSale& sale);

// partners/{partner}/sales/{document}.{line}, with the generation.
std::string NameOf(const SellThroughSale& sale);
std::string KeyOf(const SellThroughSale& sale);
inline std::string KitOriginOf(const SellThroughSale& sale) { return sale.original_sale; }
std::optional<FieldViolation> FirstDifference(const SellThroughSale& known, const SellThroughSale& stated);
// The partner's site to the customer, on the day it was sold; for an adjustment from @adjustment to the site.
std::vector<Posting> Movements(const SellThroughSale& sale);
// The price of one stays, the quantity is negated anyway.
inline void NegateAmounts(SellThroughSale* sale) {
  if (sale->net_amount.has_value()) sale->net_amount = -*sale->net_amount;
}

}  // namespace tributary::inventory
