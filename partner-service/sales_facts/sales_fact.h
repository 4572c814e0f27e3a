#pragma once

// What partners buy and sell, as inventory's feed tells it, and on which days it counts.
//
// A linked return counts on the dates of the line that it returns, so that sale and return meet in one period; where
// that is not known (yet), or is a return itself, on its own. A reversal counts where what it takes back counts. So
// what counts follows from the set of facts alone, in whatever order they came.

#include <optional>
#include <string>
#include <vector>

#include "common/money/decimal.h"
#include "common/time/date.h"

namespace tributary::partner {

// The numbers are stored.
enum class SalesSource {
  kShipment = 1,  // the vendor's, to the partner
  kSale = 2,      // the partner's, to its customer
};
enum class SalesFactKind {
  kLine = 1,
  kReturn = 2,    // refers to the line that is returned
  kReversal = 3,  // refers to the line or return that it takes back
};

struct SalesFact {
  std::string partner_id;
  std::string fact;  // its name without "partners/{partner}/"
  SalesSource source = SalesSource::kShipment;
  SalesFactKind kind = SalesFactKind::kLine;
  std::string refers;  // likewise; empty for kLine
  Date order_date;     // of a sale its date
  Date move_date;      // when it was shipped or sold
  Date counted_order_date;
  Date counted_move_date;
  std::string product;            // products/{product}
  std::string product_line;       // productLines/{product_line}, or empty
  Decimal quantity;               // in base units
  std::optional<Decimal> amount;  // net, as stated; none where not told
  std::string currency;           // of the amount; empty without one
  friend bool operator==(const SalesFact&, const SalesFact&) = default;
};

// Sets the counted dates of each fact from these facts alone, and says which of them are not as they were (by index).
// `facts` holds, for every fact in it, what it refers to, as far as that is known. No two have one partner and name.
std::vector<size_t> Place(std::vector<SalesFact>& facts);

}  // namespace tributary::partner
