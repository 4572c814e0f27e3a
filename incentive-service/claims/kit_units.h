#pragma once

// Units of parts that left in kits, and what exclusive classes leave of kits by them.
//
// A class pays for a unit once, by itself or in a kit: of what left in kits that were paid for, the parts are paid for;
// and a kit is paid for as far as none of its parts is.

#include <map>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "incentive-service/channel_facts/channel_fact.h"
#include "incentive-service/claims/shipped_units.h"
#include "incentive-service/claims/stock_claim.h"

namespace tributary::incentive {

class KitUnits {
 public:
  // A product that sales of the claim took as a part: its book, and the other claims on its units.
  void Add(const Claim& claim, const std::string& product, StockBook book, const std::vector<OtherLine>& others,
           absl::Span<const ExclusiveClass> classes);

  // Takes the parts of kits of the sale, at most so many, adds them to `taken` and answers of how many: where not all,
  // of whole ones.
  Decimal Take(const CustomerSale& sale, Decimal kits, TakenParts* taken);

 private:
  struct Part {
    std::string product;
    StockBook book;
    std::map<std::string, std::map<std::string, Decimal>> approved;  // by fact and line of a shipment
    ShippedUnits shipped;
  };
  std::vector<Part> parts_;
};

}  // namespace tributary::incentive
