#pragma once

// Sell-through sales: what partners report to have sold on. Values and decisions.

#include <optional>
#include <string>
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
  Date sale_date;
  std::string site = std::string(kMainSite);  // id of where the units lay
  std::string currency;                       // of the price; empty without one
  std::optional<Decimal> unit_price;          // where told
  std::string region;                         // id of where the customer is
  std::string end_customer;                   // the partner's name of it
  std::optional<Uuid> report;                 // the partner's report that told it
};

// partners/{partner}/sales/{document}.{line}, with the generation.
std::string NameOf(const SellThroughSale& sale);
std::string KeyOf(const SellThroughSale& sale);
std::optional<FieldViolation> FirstDifference(const SellThroughSale& known, const SellThroughSale& stated);
// The partner's site to the customer, on the day it was sold.
std::vector<Posting> Movements(const SellThroughSale& sale);
// It has none: the price of one stays, the quantity is negated anyway.
inline void NegateAmounts(SellThroughSale*) {}

}  // namespace tributary::inventory
