#pragma once

// The command that moves units from one site to another: the decision, on the state at commit.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "inventory-service/ledger/posting.h"
#include "inventory-service/serials/serial_unit.h"
#include "inventory-service/sites/site.h"
#include "inventory-service/stock_movements/stock_movement.h"
#include "inventory-service/territories/territory.h"

namespace tributary::inventory {

// What the decision looks at, read under the locks of the transaction.
struct TransferState {
  // The two sites; a site without a row is open and refuses to go below zero.
  std::optional<Site> from;
  std::optional<Site> to;
  // Of a partner that takes the units over from another one: where it may have them.
  ShipTo receiver;
  std::vector<TerritoryGrant> grants;
  std::map<BucketKey, Decimal> units;                                      // of the positions that the lines name
  std::map<std::pair<std::string, std::string>, Date> expiries;            // (product, lot) -> last day
  std::map<std::pair<std::string, std::string>, SerialUnit> serial_units;  // (product, serial), unless it is reserved
};

// The position that a line takes from; of a kit, nothing lies there.
BucketKey SourceOf(const StockMovement& line);
// The positions from which it takes units, and how many: of a kit, those of its parts.
std::map<BucketKey, Decimal> SourcesOf(const StockMovement& line);

// Line by line: REFERENCE_NOT_FOUND where neither the product nor a part of it lies in stock, INVALID_FIELD where a lot
// or a serial number of a kit is told.
absl::Status CheckStocked(const std::vector<StockMovement>& lines);

// Refusals, in this order: SITE_CLOSED (the one the units leave, then the one they come to), and line by line
// OUTSIDE_TERRITORY (where another partner takes them over, at a place that is known to lie in a region), LOT_EXPIRED,
// SERIAL_ELSEWHERE, INSUFFICIENT_STOCK. Lines of one position count together, a kit's as lines of its parts.
absl::Status DecideTransfer(const std::vector<StockMovement>& lines, const TransferState& state);

}  // namespace tributary::inventory
