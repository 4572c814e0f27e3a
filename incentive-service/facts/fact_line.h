#pragma once

// Lines of shipments, invoices, credit notes and sell-through sales as inventory's feed tells them, parts of payments
// (paid_parts.h), deals as conflict-service's feed tells that they were won, and what of them counts.
//
// A line counts from the moment it is told until a reversal takes it back: it is live. A linked return counts on the
// dates of the line it returns, so that sale and return meet in one period; where it returns nothing that is known
// (yet), or another return, on its own. A credit note names an invoice as a whole: of its lines, which all have one
// date, it returns one that is live before one that was taken back, then the one told first. What counts follows from
// the set of lines alone, in whatever order they came.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "common/money/decimal.h"
#include "common/time/date.h"
#include "incentive-service/engine/count.h"
#include "incentive-service/engine/days_to_pay.h"
#include "incentive-service/engine/free_goods.h"
#include "incentive-service/engine/margin.h"
#include "incentive-service/engine/shares.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/standings/standing.h"

namespace tributary::incentive {

// The numbers are stored.
enum class FactKind {
  kLine = 1,
  kReturn = 2,      // refers to the line that is returned; a credit note's to an invoice
  kReversal = 3,    // refers to the fact that it takes back; never live itself
  kAdjustment = 4,  // units that a partner wrote off or found: no sale, never live
};

// What states a line. Each basis counts lines of one source. The numbers are stored.
enum class FactSource {
  kShipment = 1,
  kInvoice = 2,      // invoices, and credit notes as negative amounts
  kSellThrough = 3,  // what partners sold on
  kPayment = 4,      // parts of payments that settle invoices
  kDeal = 5,         // deal registrations that were won: each one unit, of no product
};
FactSource SourceOf(Basis basis);
std::string_view NameOf(FactSource source);  // for people: "shipment lines"

// When a fact was told, in the shard of its partner.
struct Told {
  int64_t seq = 0;
  absl::Time recorded_at;
  friend bool operator==(const Told&, const Told&) = default;
};

// Whom and what a line names beside its product. They are told with it and kept apart: FactStore::LinesFor reads them
// for programs that count by them.
struct Parties {
  std::string order;     // partners/{partner}/orders/{order}; empty where it names none of ours
  std::string customer;  // of a sell-through sale, by the partner's name; empty where not told
  std::string site;      // id; empty for `main`, and of what is of no site
  friend bool operator==(const Parties&, const Parties&) = default;

  bool empty() const { return *this == Parties(); }
};

struct FactLine {
  std::string partner;
  std::string fact;  // its name without "partners/{partner}/"
  FactSource source = FactSource::kShipment;
  FactKind kind = FactKind::kLine;
  std::string refers;  // likewise; empty where it refers to nothing
  int shard = 0;       // position on the feed that tells it (watermark.h)
  int64_t seq = 0;
  absl::Time recorded_at;
  std::string document;
  int64_t line = 0;
  Date order_date;  // as ship_date, where it is no shipment's; of a part of a payment the date of the invoice
  Date ship_date;   // of a shipment; of others that of the invoice, the credit note, the sale, the payment or the win
  std::string product;       // products/{product}; empty of a part of a payment and of a deal
  std::string product_line;  // productLines/{product_line}, or empty
  Decimal quantity;
  Decimal net;
  Decimal discount;      // of a shipment's line, as stated: net is without it
  Decimal wallet;        // of that: what a hold on the partner's wallet gave of the price
  std::string currency;  // of all three; empty where no amount is stated, as sales and deals need not
  Date order_basis;      // the dates by which it counts
  Date ship_basis;
  std::optional<Told> reversed;  // the reversal
  std::optional<Told> original;  // of a linked return: the line that it returns, where that is known
  Parties parties;
  std::string earner;  // who earns by it where that is another partner (accruals/earners.h); not stored
  // What one base unit cost, for programs that measure margin (line_costs.h); unset where that is not known. Not
  // stored.
  std::optional<Rational> unit_cost;
  std::shared_ptr<const PartnerStanding>
      standing;  // what its partner was, where a program asks (standings/); not stored
  // Of a part of an unlinked return: the line that it is matched with (matched_returns.h); not stored.
  std::string matched;
  friend bool operator==(const FactLine&, const FactLine&) = default;

  std::string name() const { return "partners/" + partner + "/" + fact; }
  const std::string& earned_by() const { return earner.empty() ? partner : earner; }
  Told told() const { return {seq, recorded_at}; }
  bool counts() const { return kind == FactKind::kLine || kind == FactKind::kReturn; }
  bool live() const { return counts() && !reversed.has_value(); }
  // Whether it refers to an invoice as a whole.
  bool credits_invoice() const { return kind == FactKind::kReturn && source == FactSource::kInvoice; }
  // What a program with this amount counts.
  Decimal Amount(CountedAmount of) const {
    return of == CountedAmount::kGross ? net + discount : of == CountedAmount::kGrossOfWallet ? net + wallet : net;
  }
  Date BasisDate(Basis basis) const { return basis == Basis::kOrder ? order_basis : ship_basis; }
  // Of a part of a payment.
  int days_to_pay() const { return ship_date.days() - order_date.days(); }
  LineKey Key(Basis basis) const { return {BasisDate(basis), document, line, fact}; }
};

// partners/{partner}/ and shipments/{shipment}/lines/{line}, invoices/{invoice}/lines/{line},
// creditNotes/{credit_note}/lines/{line}, sales/{sale}, payments/{payment}/allocations/{allocation} or deals/{deal}.
// INVALID_FIELD name.
struct FactName {
  std::string partner;
  std::string fact;
};
absl::StatusOr<FactName> ParseFactName(std::string_view name);

// Whether two tellings of a fact say the same. Position, what other lines say of it, and parties and costs, which are
// not read with it, are no part of it.
bool SaysTheSame(const FactLine& a, const FactLine& b);

// The live lines of one partner, basis date and currency, added up.
struct FactTotal {
  std::string partner;
  Date basis_date;
  std::string currency;
  Decimal amount;  // of those that the program counts
  Decimal quantity;
  int64_t lines = 0;
  absl::Time last_recorded_at;
  // Where it was made of lines.
  CountedUnits counted;  // of a program that counts
  Decimal set;           // of a mix: what of `amount` is of the set
  PaidByDays paid;       // of days to pay
  GoodsUnits goods;      // of free goods
  MarginSums margin;     // of margin
};

// A line that is new, or not as it was.
struct LineChange {
  std::optional<FactLine> before;  // nullopt: new
  FactLine after;
};

// New lines put among the known ones.
struct Placed {
  std::vector<FactLine> fresh;      // the new lines, with what the others say of them
  std::vector<LineChange> changes;  // the new lines, and the known ones that are not as they were; partner by partner
};

// "invoices/INV1" for a line of that invoice, or a reversal of one; empty for other facts.
std::string_view InvoiceOf(std::string_view fact);

// `fresh`: new lines, no two with one name. `known`: of the lines known before, at least those that fresh ones refer to
// and those that refer to fresh ones, and of each invoice that a credit note among all these refers to, every line or
// none. INVALID_FIELD where a reversal takes back a reversal.
absl::StatusOr<Placed> Place(std::vector<FactLine> fresh, std::vector<FactLine> known);

}  // namespace tributary::incentive
