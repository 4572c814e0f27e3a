#pragma once

// Invoice lines: a billed line that may name the order line it bills.

#include <optional>
#include <string>

#include "common/status/status.h"
#include "inventory-service/billing/billed_line.h"

namespace tributary::inventory {

struct InvoiceLine : BilledLine {
  static constexpr BilledKind kKind = BilledKind::kInvoice;
  std::string order;  // id, of the same partner; empty where none
  int order_line = 0;
};

// partners/{partner}/invoices/{document}/lines/{line}, with the generation.
std::string NameOf(const InvoiceLine& line);
// The first field in which a line stated under a known key differs from what is known.
std::optional<FieldViolation> FirstDifference(const InvoiceLine& known, const InvoiceLine& stated);

}  // namespace tributary::inventory
