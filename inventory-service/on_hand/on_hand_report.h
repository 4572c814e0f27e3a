#pragma once

// What partners report to have on hand: facts that move no stock. Values and decisions.

#include <optional>
#include <string>
#include <vector>

#include "common/ids/uuid.h"
#include "common/status/status.h"
#include "common/time/date.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/ledger/posting.h"
#include "inventory-service/partner_reports/activity.h"

namespace tributary::inventory {

// Stock of one product at one site, as a partner reports to have found it at a boundary of a day. Several of one
// product, lot, site and boundary are several shelves: their sum is what is there. Identified by (partner, document,
// line) as the row is that it came from.
struct OnHandReport : Fact {
  std::string site;  // id
  Date date;
  Boundary boundary = Boundary::kAfterClosing;
  Uuid report;  // the report that told it

  // The day at whose end it lies there.
  Date closing() const { return boundary == Boundary::kAfterClosing ? date : date.AddDays(-1); }
};

// partners/{partner}/onHandReports/{document}.{line}, with the generation.
std::string NameOf(const OnHandReport& report);
std::string KeyOf(const OnHandReport& report);
std::optional<FieldViolation> FirstDifference(const OnHandReport& known, const OnHandReport& stated);
// None: what is told of stock does not move it.
std::vector<Posting> Movements(const OnHandReport& report);
// It has none beside the quantity.
inline void NegateAmounts(OnHandReport*) {}

}  // namespace tributary::inventory
