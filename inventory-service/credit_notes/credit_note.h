#pragma once

// Credit note lines.

#include <optional>
#include <string>

#include "common/status/status.h"
#include "inventory-service/billing/billed_line.h"

namespace tributary::inventory {

struct CreditNoteLine : BilledLine {
  static constexpr BilledKind kKind = BilledKind::kCreditNote;
};

// partners/{partner}/creditNotes/{document}/lines/{line}, with the generation.
std::string NameOf(const CreditNoteLine& line);
// The first field in which a line stated under a known key differs from what is known.
std::optional<FieldViolation> FirstDifference(const CreditNoteLine& known, const CreditNoteLine& stated);

}  // namespace tributary::inventory
