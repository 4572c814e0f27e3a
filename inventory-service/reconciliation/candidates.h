#pragma once

// Which existing facts may explain a gap (R17), and which of them are searched: look-alike rows and transfers that are
// under way. (Shipments and returns that are open are what their own stores say: evidence_store.h.) Pure.
//
// Look-alike rows are of two degrees:
//
//   The same    under different documents, and alike in all else that was told of them, on one day.
//   Near        sales and stock movements: under exactly two documents, alike in all but the day and (a sale) the site,
//               at most kNearDays apart; told once of the day of the order and once of the invoice's, or of two sites.
//               A sale counts only where it names its customer. Where a third document tells the same within so many
//               days of one of them, it is a habit and tells nothing. Facts of so many days before the period are
//               compared too, and are no candidates of the period themselves.
//
// Near ones are searched only where the candidates of the product and lot are kMostCandidates at most with them: they
// never keep the others from being searched. Facts of another product are no candidates, however near its code: whoever
// buys one of a line buys the next one too, and any of these sales would do. A fact at the wrong site of the partner
// makes no gap, since all its sites count together.

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "common/money/decimal.h"
#include "common/time/date.h"
#include "inventory-service/reconciliation/explanation.h"
#include "inventory-service/sell_through/sell_through_sale.h"
#include "inventory-service/shipments/shipment.h"
#include "inventory-service/stock_movements/stock_movement.h"

namespace tributary::inventory {

struct ProductLot {
  std::string product;
  std::string lot;  // code; empty where the units are of no lot
  friend auto operator<=>(const ProductLot&, const ProductLot&) = default;
};

// A candidate, and the units that it is of.
struct LotCandidate {
  ProductLot what;
  Candidate candidate;
  bool near = false;  // a look-alike row that is not the same in all
};

inline constexpr int kNearDays = 3;

// Rows told twice, of facts that stand, those from `from` on; of a kit for each of its parts. Of each set of alike rows
// the document with the most of them is taken to be right (then the one with the oldest row, then the first by name);
// every row of the others is a candidate. Rows of one document are alike because that many were sold.
std::vector<LotCandidate> LookAlikes(const std::vector<SellThroughSale>& sales, Date from);
// Of shipments that lie on the shelf at once; the same ones alone.
std::vector<LotCandidate> LookAlikes(const std::vector<ShipmentLine>& lines, Date from);
// Of movements that the partner told, or by which it took over another one's units. What moves between its own shelves
// makes no gap, and what goes into or out of in_transit is a transfer under way.
std::vector<LotCandidate> LookAlikes(std::string_view partner, const std::vector<StockMovement>& movements, Date from);

// A posting by a stock movement into or out of a site's in_transit, up to the end of the period.
struct TransitPosting {
  ProductLot what;
  std::string site;
  std::string cause;  // name of the movement
  Date date;
  Decimal quantity;  // negative: out of in_transit
};
// The transfers that have not arrived: those that went in, less what came out, which takes the oldest first. To the
// partner that they go to they may lie on the shelf already; `postings` are its own. To the partner that they come from
// they may lie on the shelf still.
std::vector<LotCandidate> OpenTransfers(std::vector<TransitPosting> postings);
// Those of a receiver's open transfers that the sender told.
std::vector<LotCandidate> SentBy(std::string_view sender, std::vector<LotCandidate> open);

// What of the candidates of one product and lot is searched.
std::vector<Candidate> Searched(const std::vector<LotCandidate>& candidates);

}  // namespace tributary::inventory
