#pragma once

// Price protections: what a partner was told about a cut of a price. A fact; the partner's layers have the new price
// from it on. Values and decisions.

#include <optional>
#include <string>
#include <vector>

#include "common/money/decimal.h"
#include "common/price_layers/price_layer.h"
#include "common/status/status.h"
#include "common/time/date.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {

// Identified by (partner, document, line). It moves no units, so its quantity is zero.
struct PriceProtection : Fact {
  Date effective_date;
  Decimal new_price;  // net, of one
  std::string currency;
  int in_transit_days = 0;
  int lookback_days = 0;
  std::optional<Decimal> reported_units;
};

// partners/{partner}/priceProtections/{document}.{line}, with the generation.
std::string NameOf(const PriceProtection& protection);
std::string KeyOf(const PriceProtection& protection);
std::optional<FieldViolation> FirstDifference(const PriceProtection& known, const PriceProtection& stated);
inline std::vector<Posting> Movements(const PriceProtection&) { return {}; }
inline void NegateAmounts(PriceProtection*) {}

LayerProtection ProtectionOf(const PriceProtection& protection);

}  // namespace tributary::inventory
