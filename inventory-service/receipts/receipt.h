#pragma once

// Receipts: what a partner received of the shipments that were on their way. Values and decisions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/status/status.h"
#include "common/time/date.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {

// A line of a receipt, identified by (partner, document, line): units of one line of a shipment that came, or that will
// not come any more. A line that says more than was shipped is a fact like any other.
struct ReceiptLine : Fact {
  Date receive_date;
  std::string site = std::string(kMainSite);  // id of where the goods were sent to
  std::string shipment_document;              // of the shipment's line
  int shipment_line = 0;
  bool lost = false;  // they did not come
};

std::string ReceiptName(std::string_view partner, std::string_view document);
// partners/{partner}/receipts/{document}/lines/{line}, with the generation.
std::string NameOf(const ReceiptLine& line);
std::string KeyOf(const ReceiptLine& line);
// partners/{partner}/shipments/{document}/lines/{line}.
std::string ShipmentLineOf(const ReceiptLine& line);
inline std::string KitOriginOf(const ReceiptLine& line) { return ShipmentLineOf(line); }
std::optional<FieldViolation> FirstDifference(const ReceiptLine& known, const ReceiptLine& stated);
// From in transit to on hand, or where they were lost, to adjustment.
std::vector<Posting> Movements(const ReceiptLine& line);
inline void NegateAmounts(ReceiptLine*) {}

// How far a line of a shipment that awaits receipts has come.
struct Transit {
  std::string partner;
  std::string document;  // of the shipment's line
  int line = 0;
  std::string product;
  std::optional<Date> ship_date;  // unset where only receipts tell of the line
  Decimal shipped;
  Decimal received;
  Decimal lost;
  // Still to come; negative where more came than was shipped.
  Decimal open() const { return shipped - received - lost; }
};

}  // namespace tributary::inventory
