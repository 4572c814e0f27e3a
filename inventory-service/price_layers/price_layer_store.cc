#include "inventory-service/price_layers/price_layer_store.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/in_list.h"
#include "inventory-service/facts/page_of.h"
#include "inventory-service/products/kit.h"
#include "inventory-service/products/kit_store.h"

namespace tributary::inventory {
namespace {

using LineKey = std::pair<std::string, int>;  // document and number of a shipment's line

std::string LineName(std::string_view partner, const LineKey& key) {
  return StrCat(ShipmentName(partner, key.first), "/lines/", key.second);
}

std::optional<LineKey> OriginalOf(const ShipmentLine& line) {
  const auto ids =
      ParseResourceName(line.original_line, "partners/{partner}/shipments/{document}/lines/{line}", "original_line");
  if (!ids.ok()) return std::nullopt;
  const std::optional<LineId> number = ParseLineSegment(ids->at(2));
  if (!number.has_value()) return std::nullopt;
  return LineKey(ids->at(1), number->line);
}

std::optional<Rational> PriceOf(const ShipmentLine& line) {
  // What part of a kit's amount is a component's, nobody says.
  if (line.quantity.zero() || !line.parts.empty()) return std::nullopt;
  return Rational(line.net_amount) / Rational(line.quantity);
}

// The statements that stand, of each line its last.
template <typename F>
std::vector<F> Standing(std::vector<F> facts) {
  std::map<std::string, F> last;
  for (F& fact : facts) {
    const auto [known, fresh] = last.try_emplace(KeyOf(fact), fact);
    if (!fresh && known->second.generation < fact.generation) known->second = std::move(fact);
  }
  std::vector<F> standing;
  for (auto& [key, fact] : last) {
    if (!IsReversal(fact.generation)) standing.push_back(std::move(fact));
  }
  return standing;
}

// What the postings of a partner's product tell: the documents behind what came, and what crossed the partner's
// boundary otherwise. What is lost on the way was never there; what goes back by an authorization is read from that.
struct Causes {
  std::set<std::string> shipments;
  std::set<std::string> receipts;
  std::map<Date, Decimal> departures;
};
Causes CausesOf(const std::vector<RecordedPosting>& postings) {
  Causes causes;
  const auto in_transit = [](std::string_view place) { return IsSite(place) && BucketOf(place) == Bucket::kInTransit; };
  for (const RecordedPosting& recorded : postings) {
    const Posting& posting = recorded.posting;
    if (const auto line = ParseResourceName(posting.cause, "partners/{partner}/shipments/{document}/lines/{line}");
        line.ok()) {
      causes.shipments.insert(line->at(1));
    } else if (const auto receipt =
                   ParseResourceName(posting.cause, "partners/{partner}/receipts/{document}/lines/{line}");
               receipt.ok()) {
      causes.receipts.insert(receipt->at(1));
    } else if (!ParseResourceName(posting.cause, "partners/{partner}/returns/{return}").ok() &&
               IsSite(posting.from) != IsSite(posting.to) && !in_transit(posting.from) && !in_transit(posting.to)) {
      causes.departures[posting.effective_date] += IsSite(posting.from) ? posting.quantity : -posting.quantity;
    }
  }
  return causes;
}

// The facts of these documents, by the key that begins with the document: of the product, and of kits that have moved
// it, with its part for their quantity.
template <typename F>
absl::StatusOr<std::vector<F>> OfDocuments(mysql::Transaction& sql, const FactTable<F>& table, std::string_view partner,
                                           std::string_view product, const std::set<std::string>& documents) {
  constexpr size_t kAtOnce = 256;
  std::vector<F> facts;
  for (auto next = documents.begin(); next != documents.end();) {
    std::vector<std::string_view> some;
    while (next != documents.end() && some.size() < kAtOnce) some.push_back(*next++);
    mysql::Values values;
    const std::string in = InList(some, &values);
    values.insert(values.end(), {partner, product});
    ASSIGN_OR_RETURN(
        std::vector<F> found,
        table.Select(sql, StrCat("WHERE document IN ", in, " AND partner = ? AND (product = ? OR parts IS NOT NULL)"),
                     values));
    for (F& fact : found) {
      if (fact.parts.empty()) {
        facts.push_back(std::move(fact));
        continue;
      }
      const auto part = std::find_if(fact.parts.begin(), fact.parts.end(),
                                     [&](const KitPart& one) { return one.product == product; });
      if (part == fact.parts.end()) continue;
      fact.quantity = part->quantity;
      facts.push_back(std::move(fact));
    }
  }
  return facts;
}

// Units of the product in kits that are reported, as they are on the day.
absl::StatusOr<Decimal> UnitsInKits(mysql::Transaction& sql, std::string_view product, Date day,
                                    const std::vector<OnHandReport>& reports) {
  const KitStore store;
  std::set<std::string_view> reported;
  for (const OnHandReport& report : reports) reported.insert(report.product);
  ASSIGN_OR_RETURN(const Kits kits, store.Of(sql, {reported.begin(), reported.end()}));
  Decimal units;
  for (const OnHandReport& report : reports) {
    if (report.product == product || !kits.contains(report.product)) continue;
    ASSIGN_OR_RETURN(const Kits below, store.Below(sql, report.product));
    const auto parts = Explode(below, report.product, report.quantity, day);
    if (!parts.ok()) continue;  // parts that are no quantities
    if (const auto part = parts->find(std::string(product)); part != parts->end()) units += part->second;
  }
  return units;
}

}  // namespace

void AppendOwn(const PriceProtection& protection, mysql::Values* values) {
  values->insert(values->end(),
                 {protection.effective_date, protection.new_price, protection.currency, protection.in_transit_days,
                  protection.lookback_days, mysql::Value(protection.reported_units)});
}

void ReadOwn(const mysql::Row& row, size_t column, PriceProtection* protection) {
  protection->effective_date = row.Day(column);
  protection->new_price = row.Dec(column + 1);
  protection->currency = row.Text(column + 2);
  protection->in_transit_days = static_cast<int>(row.Int(column + 3));
  protection->lookback_days = static_cast<int>(row.Int(column + 4));
  if (!row.IsNull(column + 5)) protection->reported_units = row.Dec(column + 5);
}

PriceLayerStore::PriceLayerStore()
    : table_({.table = "price_protection",
              .partner_in_key = true,
              .own_columns = "effective_date, new_price, currency, in_transit_days, lookback_days, reported_units",
              .own_width = 6}) {}

const std::vector<FilterField>& PriceLayerStore::Fields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Day("effective_date", "effective_date"), FilterField::String("document", "document"),
      FilterField::String("product", "CONCAT('products/', product)")};
  return fields;
}

absl::StatusOr<std::optional<Decimal>> PriceLayerStore::ReportedAt(mysql::Transaction& sql, std::string_view partner,
                                                                   std::string_view product, Date day) const {
  for (const auto& [date, boundary] :
       {std::pair(day.AddDays(-1), Boundary::kAfterClosing), std::pair(day, Boundary::kBeforeOpening)}) {
    std::optional<Decimal> units;
    ASSIGN_OR_RETURN(const std::vector<OnHandReport> reports, on_hand_.StandingAt(sql, partner, date, boundary));
    for (const OnHandReport& report : reports) {
      if (report.product == product) units = units.value_or(Decimal()) + report.quantity;
    }
    if (!units.has_value()) continue;
    ASSIGN_OR_RETURN(const Decimal in_kits, UnitsInKits(sql, product, date, reports));
    return *units + in_kits;
  }
  return std::optional<Decimal>();
}

absl::StatusOr<LayerHistory> PriceLayerStore::HistoryOf(mysql::Transaction& sql, std::string_view partner,
                                                        std::string_view product) const {
  LayerHistory history;
  ASSIGN_OR_RETURN(const std::vector<RecordedPosting> postings, ledger_.PostingsOf(sql, partner, product));
  const Causes causes = CausesOf(postings);
  ASSIGN_OR_RETURN(std::vector<ShipmentLine> told,
                   OfDocuments(sql, shipments_.table(), partner, product, causes.shipments));
  std::map<LineKey, ShipmentLine> lines;
  std::map<LineKey, Decimal> open;
  for (ShipmentLine& line : Standing(std::move(told))) {
    if (!line.original_line.empty()) {
      if (const auto original = OriginalOf(line)) {
        history.returns.push_back({LineName(partner, *original), line.ship_date, -line.quantity});
      }
      continue;
    }
    const LineKey key(line.document, line.line);
    if (line.awaits_receipt) {
      open[key] = line.quantity;
    } else {
      history.arrivals.push_back(
          {LineName(partner, key), line.ship_date, line.ship_date, line.quantity, PriceOf(line), line.currency});
    }
    lines.emplace(key, std::move(line));
  }
  ASSIGN_OR_RETURN(std::vector<ReceiptLine> receipts,
                   OfDocuments(sql, receipts_.table(), partner, product, causes.receipts));
  for (const ReceiptLine& receipt : Standing(std::move(receipts))) {
    const LineKey key(receipt.shipment_document, receipt.shipment_line);
    if (const auto waiting = open.find(key); waiting != open.end()) waiting->second -= receipt.quantity;
    if (receipt.lost) continue;
    const auto line = lines.find(key);
    const bool known = line != lines.end();
    history.arrivals.push_back({LineName(partner, key), known ? line->second.ship_date : receipt.receive_date,
                                receipt.receive_date, receipt.quantity, known ? PriceOf(line->second) : std::nullopt,
                                known ? line->second.currency : ""});
  }
  for (const auto& [key, quantity] : open) {
    const ShipmentLine& line = lines.at(key);
    history.transits.push_back({LineName(partner, key), line.ship_date, quantity, PriceOf(line), line.currency});
  }
  ASSIGN_OR_RETURN(const std::vector<ReturnStore::Returned> returned, returns_.ReturnedOf(sql, partner, product));
  for (const ReturnStore::Returned& one : returned) {
    history.returns.push_back({LineName(partner, one.original), one.day, one.quantity});
  }
  for (const auto& [day, quantity] : causes.departures) history.departures.push_back({day, quantity});
  ASSIGN_OR_RETURN(std::vector<PriceProtection> protections,
                   table_.Select(sql, "WHERE partner = ? AND product = ?", {partner, product}));
  for (const PriceProtection& protection : Standing(std::move(protections))) {
    LayerProtection layer = ProtectionOf(protection);
    if (!layer.reported_units.has_value()) {
      ASSIGN_OR_RETURN(layer.reported_units, ReportedAt(sql, partner, product, layer.effective_date));
    }
    history.protections.push_back(std::move(layer));
  }
  return history;
}

absl::StatusOr<std::vector<PriceProtection>> PriceLayerStore::List(mysql::Transaction& sql, std::string_view partner,
                                                                   std::string_view after_partner, const SaleId& after,
                                                                   const SqlPredicate& filter, int limit) const {
  const PageClauses page = PageOf(partner,
                                  {{"partner", after_partner},
                                   {"document", after.document},
                                   {"line", after.line},
                                   {"generation", after.generation}},
                                  filter, limit);
  return table_.Select(sql, page.sql(), page.values);
}

}  // namespace tributary::inventory
