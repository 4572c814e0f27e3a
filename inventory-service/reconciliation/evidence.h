#pragma once

// What a reconciliation is worked out from, and the figures that follow: a function of the facts, whatever order they
// came in. Pure.

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/money/decimal.h"
#include "common/time/date.h"
#include "inventory-service/on_hand/on_hand_report.h"
#include "inventory-service/partner_reports/report.h"
#include "inventory-service/reconciliation/explanation.h"
#include "inventory-service/reconciliation/reconciliation.h"
#include "inventory-service/sell_through/sell_through_sale.h"
#include "inventory-service/shipments/shipment.h"

namespace tributary::inventory {

struct ProductLot {
  std::string product;
  std::string lot;  // code; empty where the units are of no lot
  friend auto operator<=>(const ProductLot&, const ProductLot&) = default;
};

// What a partner told of the stock of a site at the end of a day.
struct ToldSite {
  bool complete = false;  // what it leaves out is none
  std::map<ProductLot, Decimal> units;
};
// By site, those of which it told. A site without an entry is not one without stock.
using ToldStock = std::map<std::string, ToldSite>;

// What was told of the end of `day` at these sites. Rows of after closing on that day have the say, else those of
// before opening on the next; a zero report of the day says that there is none of anything. What the snapshot that has
// the say in a cell leaves out is none, unless rows of it wait in the workbench: additions alone are no list of
// everything.
ToldStock ToldAt(Date day, const std::vector<OnHandReport>& after_closing,
                 const std::vector<OnHandReport>& before_next_opening, const std::vector<PartnerReport>& reports,
                 const std::set<std::string>& sites);

// Units that moved between two places of the ledger, all postings of that kind together.
struct BookMovement {
  ProductLot what;
  std::string from;
  std::string to;
  bool within = false;  // in the period; else before it
  Decimal quantity;
};

// A candidate, and the units that it is of.
struct LotCandidate {
  ProductLot what;
  Candidate candidate;
};

// Rows told twice: under different documents, alike in all else that was told of them. Of each set of them the document
// with the most rows is taken to be right (then the first by name); every row of the others is a candidate. Rows of one
// document are alike because that many were sold. The facts are those that stand.
std::vector<LotCandidate> LookAlikes(const std::vector<SellThroughSale>& sales);
// Of shipments that lie on the shelf at once.
std::vector<LotCandidate> LookAlikes(const std::vector<ShipmentLine>& lines);

// A posting by a stock movement into or out of a site's in_transit, up to the end of the period.
struct TransitPosting {
  ProductLot what;
  std::string site;
  std::string cause;  // name of the movement
  Date date;
  Decimal quantity;  // negative: out of in_transit
};
// The transfers that have not arrived: those that went in, less what came out, which takes the oldest first.
std::vector<LotCandidate> OpenTransfers(std::vector<TransitPosting> postings);

struct Evidence {
  ToldStock opening;                    // before the period
  ToldStock closing;                    // at its end
  std::vector<BookMovement> movements;  // up to its end
  std::vector<LotCandidate> candidates;
};

// The figures of everything that the partner told of or that the books have, and of what is `known` already (of this
// partner and period). Lots are told apart where the partner tells them apart, at the end of the period or else before
// it; where it names none, the units of all lots are one. A lot of which it does not speak any more is UNKNOWN.
std::map<ReconciliationKey, ReconciliationFigures> Reconcile(const std::string& partner, Date from, Date to,
                                                             const Evidence& evidence,
                                                             const std::set<ReconciliationKey>& known);

}  // namespace tributary::inventory
