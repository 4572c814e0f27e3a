#pragma once

// Shipment lines: sell-in. Values and decisions.

#include <optional>
#include <string>
#include <vector>

#include "common/money/decimal.h"
#include "common/status/status.h"
#include "common/time/date.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {

// A line of a shipment, with its amounts as the document states them; identified by (document, line) among all
// shipments.
struct ShipmentLine : Fact {
  Date order_date;
  Date ship_date;
  std::string currency;   // of all amounts
  Decimal unit_price;     // of one of what the quantity was stated in, before discount
  Decimal discount;       // on the whole line
  Decimal net_amount;     // never derived from the others
  Decimal wallet_amount;  // of the discount: what a hold on the partner's wallet gave of the price
  std::string order;      // id of the partner's order that is shipped; empty where none
  int order_line = 0;
  std::string site = std::string(kMainSite);  // id of where the goods go
  bool awaits_receipt = false;                // they are in transit until a receipt says that they came
  std::string original_line;  // name of the line that returned goods were shipped on; empty where it is no return
};

std::string ShipmentName(std::string_view partner, std::string_view document);
// partners/{partner}/shipments/{document}/lines/{line}, with the generation.
std::string NameOf(const ShipmentLine& line);
std::string KeyOf(const ShipmentLine& line);
inline std::string KitOriginOf(const ShipmentLine& line) { return line.original_line; }

// The first field in which a line stated under a known key differs from what is known.
std::optional<FieldViolation> FirstDifference(const ShipmentLine& known, const ShipmentLine& stated);

// Vendor to the partner's site on the day it was shipped, where they lie on hand at once unless a receipt is awaited.
std::vector<Posting> Movements(const ShipmentLine& line);
void NegateAmounts(ShipmentLine* line);

}  // namespace tributary::inventory
