#pragma once

// What working out what is due of claims has in common, whatever they are against.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "common/price_layers/price_layer.h"
#include "incentive-service/claims/shipped_units.h"
#include "incentive-service/claims/stock_claim.h"
#include "incentive-service/engine/unit_funding.h"

namespace tributary::incentive {

// Whether a unit of a sale that a claim of one kind was approved for is none for a claim of the other.
bool Exclude(absl::Span<const ExclusiveClass> classes, ClaimKind a, ClaimKind b);

// So many units, and what was claimed for them; nothing where nothing was.
void Deny(DenialReason reason, Decimal quantity, const Rational& amount, DueLine* line);

// What left with a fact, the first units first, without those of lines that others were `approved` for.
std::vector<ConsumedUnits> UnitsLeft(const LayerHistory& history, std::string_view fact,
                                     std::map<std::string, Decimal> approved);

// Makes so many of the units due at `each`, the first first, as far as classes leave them; of more than there are
// nothing tells where they came from. Answers how many the classes do not leave.
Decimal AddUnits(const std::vector<ConsumedUnits>& units, Decimal quantity, const Rational& each, ShippedUnits* shipped,
                 DueLine* due);
// The same of units of one line of a shipment that are there.
void AddLayer(const std::string& line, Decimal quantity, const Rational& each, DueLine* due);

}  // namespace tributary::incentive
