#include "incentive-service/facts/fact_line.h"

#include <map>
#include <set>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

using Key = std::pair<std::string_view, std::string_view>;  // partner, fact

struct Entry {
  FactLine* line;
  std::optional<FactLine> before;  // of a known line; a fresh one has none
};
using Entries = std::map<Key, Entry>;

constexpr std::string_view kLinesOf = "/lines/";

bool BeginsWith(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

absl::Status TakeBack(const FactLine& reversal, Entries* lines) {
  const auto position = lines->find(Key(reversal.partner, reversal.refers));
  if (position == lines->end()) return absl::OkStatus();
  FactLine& target = *position->second.line;
  if (target.kind == FactKind::kReversal) {
    return InvalidField("reverses", target.name(), StrCat("a line that is no reversal, for ", reversal.name()));
  }
  // Where two say so, the first counts.
  if (!target.reversed.has_value() || reversal.seq < target.reversed->seq) target.reversed = reversal.told();
  return absl::OkStatus();
}

// The line of an invoice that a credit note of it returns; nullptr where none is known.
const FactLine* LineOfInvoice(const FactLine& credit, const Entries& lines) {
  const std::string prefix = StrCat(credit.refers, kLinesOf);
  const auto rank = [](const FactLine& line) { return std::pair(line.reversed.has_value(), line.seq); };
  const FactLine* first = nullptr;
  for (auto at = lines.lower_bound(Key(credit.partner, prefix)); at != lines.end(); ++at) {
    if (at->first.first != credit.partner || !BeginsWith(at->first.second, prefix)) break;
    const FactLine& line = *at->second.line;
    if (line.kind == FactKind::kLine && (first == nullptr || rank(line) < rank(*first))) first = &line;
  }
  return first;
}

// The line that a return returns; nullptr where none is known.
const FactLine* OriginalOf(const FactLine& line, const Entries& lines) {
  if (line.credits_invoice()) return LineOfInvoice(line, lines);
  const auto position = lines.find(Key(line.partner, line.refers));
  if (position == lines.end() || position->second.line->kind != FactKind::kLine) return nullptr;
  return position->second.line;
}

}  // namespace

FactSource SourceOf(Basis basis) {
  switch (basis) {
    case Basis::kInvoiced:
      return FactSource::kInvoice;
    case Basis::kSellThrough:
      return FactSource::kSellThrough;
    case Basis::kPaid:
      return FactSource::kPayment;
    case Basis::kWonDeal:
      return FactSource::kDeal;
    default:
      return FactSource::kShipment;
  }
}

std::string_view NameOf(FactSource source) {
  switch (source) {
    case FactSource::kInvoice:
      return "lines of invoices and credit notes";
    case FactSource::kSellThrough:
      return "sell-through sales";
    case FactSource::kPayment:
      return "parts of payments";
    case FactSource::kDeal:
      return "won deals";
    default:
      return "shipment lines";
  }
}

absl::StatusOr<FactName> ParseFactName(std::string_view name) {
  for (const std::string_view pattern :
       {"partners/{partner}/shipments/{shipment}/lines/{line}", "partners/{partner}/invoices/{invoice}/lines/{line}",
        "partners/{partner}/creditNotes/{credit_note}/lines/{line}", "partners/{partner}/sales/{sale}",
        "partners/{partner}/payments/{payment}/allocations/{allocation}", "partners/{partner}/deals/{deal}"}) {
    if (!ParseResourceName(name, pattern).ok()) continue;
    std::string partner(PartnerOf(name));
    std::string fact(name.substr(StrCat("partners/", partner, "/").size()));
    return FactName{std::move(partner), std::move(fact)};
  }
  return InvalidField("name", name,
                      "partners/{partner}/ and shipments/{shipment}/lines/{line}, invoices/{invoice}/lines/{line}, "
                      "creditNotes/{credit_note}/lines/{line}, sales/{sale}, "
                      "payments/{payment}/allocations/{allocation} or deals/{deal}");
}

std::string_view InvoiceOf(std::string_view fact) {
  const size_t lines = fact.find(kLinesOf);
  return BeginsWith(fact, "invoices/") && lines != std::string_view::npos ? fact.substr(0, lines) : std::string_view();
}

bool SaysTheSame(const FactLine& a, const FactLine& b) {
  return a.partner == b.partner && a.fact == b.fact && a.source == b.source && a.kind == b.kind &&
         a.refers == b.refers && a.document == b.document && a.line == b.line && a.order_date == b.order_date &&
         a.ship_date == b.ship_date && a.product == b.product && a.quantity == b.quantity && a.net == b.net &&
         a.discount == b.discount && a.wallet == b.wallet && a.currency == b.currency;
}

absl::StatusOr<Placed> Place(std::vector<FactLine> fresh, std::vector<FactLine> known) {
  Entries lines;
  for (FactLine& line : known) lines.try_emplace(Key(line.partner, line.fact), Entry{&line, line});
  for (FactLine& line : fresh) {
    line.order_basis = line.order_date;
    line.ship_basis = line.ship_date;
    line.reversed.reset();
    line.original.reset();
    // They mostly come in order.
    lines.insert_or_assign(lines.end(), Key(line.partner, line.fact), Entry{&line, std::nullopt});
  }

  for (const auto& [key, entry] : lines) {
    if (entry.line->kind == FactKind::kReversal) RETURN_IF_ERROR(TakeBack(*entry.line, &lines));
  }
  for (auto& [key, entry] : lines) {
    if (entry.line->kind != FactKind::kReturn) continue;
    const FactLine* original = OriginalOf(*entry.line, lines);
    if (original == nullptr) continue;
    entry.line->order_basis = original->order_date;
    entry.line->ship_basis = original->ship_date;
    entry.line->original = original->told();
  }

  Placed placed;
  placed.changes.reserve(lines.size());
  for (auto& [key, entry] : lines) {
    const FactLine& now = *entry.line;
    if (!entry.before.has_value()) {
      placed.changes.push_back({std::nullopt, now});
    } else if (now != *entry.before) {
      placed.changes.push_back({std::move(entry.before), now});
    }
  }
  placed.fresh = std::move(fresh);
  return placed;
}

}  // namespace tributary::incentive
