#pragma once

// What exclusive classes leave of the units of lines of shipments.
//
// Units of one line are told apart by number alone: what the kinds of a class are paid for of them never exceeds what
// was shipped (SEMANTICS R14). Units of sales count by the lines that they were taken from when their claim was
// approved, as long as they are not taken back. Price changes do not exclude one another: of a line that two were paid
// for, the more counts.

#include <map>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "incentive-service/channel_facts/channel_fact.h"
#include "incentive-service/claims/stock_claim.h"
#include "incentive-service/engine/unit_funding.h"

namespace tributary::incentive {

class ShippedUnits {
 public:
  // Of the others those of the claim's partner count that were approved before it. `classes`: that hold for the claim.
  ShippedUnits(const Claim& claim, const StockBook& book, const std::vector<OtherLine>& others,
               absl::Span<const ExclusiveClass> classes);

  // Takes units of the line, at most so many, and answers how many. Any number where no class has the claim's kind, and
  // of units that nothing tells the line of.
  Decimal Take(const std::string& line, Decimal units);

 private:
  std::vector<std::map<std::string, Decimal>> left_;  // by line, of each class that has the claim's kind
};

}  // namespace tributary::incentive
