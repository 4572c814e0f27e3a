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
#include "inventory-service/reconciliation/candidates.h"
#include "inventory-service/reconciliation/reconciliation.h"

namespace tributary::inventory {

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
// everything. Of a kit lie there its parts, of no lot, beside what is told of these themselves; where less than
// everything is told, they count only where the part itself is told too, for a kit says nothing of loose parts.
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
