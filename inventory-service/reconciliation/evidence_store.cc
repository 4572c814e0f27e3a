#include "inventory-service/reconciliation/evidence_store.h"

#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/intake.h"
#include "inventory-service/ledger/posting.h"
#include "inventory-service/returns/return_authorization.h"

namespace tributary::inventory {
namespace {

// " AND product = ?" where one is asked for.
std::string OfProduct(std::string_view product, mysql::Values* values) {
  if (product.empty()) return {};
  values->push_back(product);
  return " AND product = ?";
}

// The same, and rows of kits, which may have it as a part.
std::string OrOfKits(std::string_view product, mysql::Values* values, std::string_view table = "") {
  if (product.empty()) return {};
  values->push_back(product);
  return StrCat(" AND (", table, "product = ? OR ", table, "parts IS NOT NULL)");
}

void Append(std::vector<LotCandidate> more, std::vector<LotCandidate>* to) {
  to->insert(to->end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

absl::StatusOr<std::vector<BookMovement>> Movements(mysql::Transaction& sql, std::string_view partner,
                                                    std::string_view product, Date from, Date to) {
  mysql::Values values = {from, partner, to};
  const std::string which = OfProduct(product, &values);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT product, lot, from_place, to_place, effective_date >= ? AS within_period, SUM(quantity) "
                       "FROM stock_posting WHERE partner = ? AND effective_date <= ?",
                       which, " GROUP BY product, lot, from_place, to_place, within_period"),
                values));
  std::vector<BookMovement> movements;
  movements.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    movements.push_back({.what = {row.Text(0), row.Text(1)},
                         .from = row.Text(2),
                         .to = row.Text(3),
                         .within = row.Bool(4),
                         .quantity = row.Dec(5)});
  }
  return movements;
}

absl::StatusOr<std::set<std::string>> SitesOf(mysql::Transaction& sql, std::string_view partner,
                                              const std::vector<BookMovement>& movements) {
  std::set<std::string> sites;
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT id FROM site WHERE partner = ?", {partner}));
  for (const mysql::Row& row : rows) sites.insert(row.Text(0));
  for (const BookMovement& movement : movements) {
    for (const std::string& place : {movement.from, movement.to}) {
      if (IsSite(place)) sites.emplace(SiteOf(place));
    }
  }
  return sites;
}

absl::StatusOr<std::vector<LotCandidate>> OpenReturns(mysql::Transaction& sql, std::string_view partner,
                                                      std::string_view product, Date to) {
  mysql::Values values = {partner,
                          to.AddDays(1),
                          static_cast<int>(ReturnState::kRequested),
                          static_cast<int>(ReturnState::kApproved),
                          static_cast<int>(ReturnState::kReceived),
                          to};
  const std::string which = OrOfKits(product, &values, "l.");
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT l.product, l.lot, r.id, CAST(r.create_time AS DATE), l.quantity, l.parts "
                       "FROM return_authorization r JOIN return_line l ON l.partner = r.partner AND l.return_id = r.id "
                       "WHERE r.partner = ? AND r.create_time < ? AND (r.state IN (?, ?) OR (r.state = ? AND "
                       "r.receive_date > ?))",
                       which),
                values));
  std::map<std::pair<ProductLot, std::string>, Candidate> by_return;
  for (const mysql::Row& row : rows) {
    const auto add = [&](const ProductLot& what, Decimal units) {
      Candidate& candidate = by_return[{what, row.Text(2)}];
      candidate.kind = CandidateKind::kOpenReturn;
      candidate.fact = StrCat("partners/", partner, "/returns/", row.Text(2));
      candidate.date = row.Day(3);
      candidate.units -= units;
    };
    if (row.IsNull(5)) {
      add({row.Text(0), row.Text(1)}, row.Dec(4));
      continue;
    }
    for (const KitPart& part : PartsFromText(row.Bytes(5))) add({part.product, ""}, part.quantity);
  }
  std::vector<LotCandidate> open;
  for (const auto& [of, candidate] : by_return) open.push_back({of.first, candidate});
  return open;
}

absl::StatusOr<std::vector<LotCandidate>> InTransit(mysql::Transaction& sql, std::string_view partner,
                                                    std::string_view product, Date to) {
  mysql::Values values = {partner, to};
  const std::string which = OfProduct(product, &values);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT product, lot, from_place, to_place, cause, effective_date, quantity FROM stock_posting "
                       "WHERE partner = ? AND effective_date <= ? AND cause LIKE 'partners/%/movements/%' AND "
                       "(from_place LIKE '%/in\\_transit' OR to_place LIKE '%/in\\_transit')",
                       which),
                values));
  std::vector<TransitPosting> postings;
  for (const mysql::Row& row : rows) {
    const std::string from = row.Text(2);
    const std::string place = row.Text(3);
    const TransitPosting posting{
        .what = {row.Text(0), row.Text(1)}, .cause = row.Text(4), .date = row.Day(5), .quantity = row.Dec(6)};
    if (IsSite(place) && BucketOf(place) == Bucket::kInTransit) {
      postings.push_back(posting);
      postings.back().site = SiteOf(place);
    }
    if (IsSite(from) && BucketOf(from) == Bucket::kInTransit) {
      postings.push_back(posting);
      postings.back().site = SiteOf(from);
      postings.back().quantity = -posting.quantity;
    }
  }
  return OpenTransfers(std::move(postings));
}

// What the partner handed over to others and has not arrived there: by the books of those.
absl::StatusOr<std::vector<LotCandidate>> InTransitFrom(mysql::Transaction& sql, std::string_view partner,
                                                        std::string_view product, Date to) {
  mysql::Values values = {partner, to};
  const std::string which = OrOfKits(product, &values);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT DISTINCT to_partner, product, parts FROM stock_movement "
                                    "WHERE partner = ? AND "
                                    "to_partner > '' AND posted = 1 AND effective_date <= ? AND "
                                    "from_place NOT LIKE '%/in\\_transit' AND to_place LIKE '%/in\\_transit'",
                                    which),
                             values));
  std::set<std::pair<std::string, std::string>> handed;  // receiver and product
  for (const mysql::Row& row : rows) {
    if (row.IsNull(2)) handed.emplace(row.Text(0), row.Text(1));
    for (const KitPart& part : row.IsNull(2) ? std::vector<KitPart>() : PartsFromText(row.Bytes(2))) {
      if (product.empty() || part.product == product) handed.emplace(row.Text(0), part.product);
    }
  }
  std::vector<LotCandidate> sent;
  for (const auto& [receiver, moved] : handed) {
    ASSIGN_OR_RETURN(std::vector<LotCandidate> open, InTransit(sql, receiver, moved, to));
    Append(SentBy(partner, std::move(open)), &sent);
  }
  return sent;
}

}  // namespace

absl::Status EvidenceStore::Lock(mysql::Transaction& sql, std::string_view partner, std::string_view product) const {
  mysql::Values values = {partner};
  const std::string which = OfProduct(product, &values);
  return sql
      .Query(StrCat("SELECT 1 FROM stock_position WHERE partner = ?", which,
                    " ORDER BY partner, site, product, lot, bucket FOR UPDATE"),
             values)
      .status();
}

absl::StatusOr<ToldStock> EvidenceStore::Told(mysql::Transaction& sql, std::string_view partner,
                                              std::string_view product, Date day,
                                              const std::vector<PartnerReport>& reports,
                                              const std::set<std::string>& sites) const {
  ASSIGN_OR_RETURN(const std::vector<OnHandReport> closing,
                   on_hand_.StandingAt(sql, partner, day, Boundary::kAfterClosing));
  ASSIGN_OR_RETURN(const std::vector<OnHandReport> opening,
                   on_hand_.StandingAt(sql, partner, day.AddDays(1), Boundary::kBeforeOpening));
  ToldStock told = ToldAt(day, closing, opening, reports, sites);
  if (product.empty()) return told;
  // Which sites were told of depends on all rows; what was told is asked of one product.
  for (auto& [site, stock] : told) {
    std::erase_if(stock.units, [&](const auto& one) { return one.first.product != product; });
  }
  return told;
}

absl::StatusOr<std::vector<LotCandidate>> EvidenceStore::Unreceived(mysql::Transaction& sql, std::string_view partner,
                                                                    std::string_view product, Date to) const {
  mysql::Values values = {partner, to};
  const std::string shipped = OrOfKits(product, &values);
  values.insert(values.end(), {partner, to});
  const std::string received = OrOfKits(product, &values);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT document, line, product, lot, SUM(units) FROM ("
                       "SELECT document, line, product, lot, quantity AS units, 1 AS is_shipment FROM shipment_line "
                       "WHERE partner = ? AND awaits_receipt = 1 AND posted = 1 AND ship_date <= ?",
                       shipped,
                       " UNION ALL SELECT shipment_document, shipment_line, product, lot, -quantity, 0 "
                       "FROM receipt_line WHERE partner = ? AND posted = 1 AND receive_date <= ?",
                       received,
                       ") transit GROUP BY document, line, product, lot HAVING SUM(units) > 0 AND MAX(is_shipment) = 1 "
                       "ORDER BY document, line, product, lot"),
                values));
  std::vector<Stated<ShipmentLine>> lines;
  for (const mysql::Row& row : rows) {
    Stated<ShipmentLine>& next = lines.emplace_back();
    next.fact.partner = partner;
    next.fact.document = row.Text(0);
    next.fact.line = static_cast<int>(row.Int(1));
    next.fact.product = row.Text(2);
    next.fact.lot = row.Text(3);
    next.fact.quantity = row.Dec(4);
  }
  ASSIGN_OR_RETURN(const Known<ShipmentLine> known, shipments_.table().LastOf(sql, lines));
  std::vector<LotCandidate> open;
  for (const Stated<ShipmentLine>& line : lines) {
    const auto last = known.find(KeyOf(line.fact));
    if (last == known.end()) continue;
    const ShipmentLine& shipment = last->second;
    ShipmentLine left = line.fact;
    if (!shipment.parts.empty()) {
      auto parts = PartsInProportion(shipment.parts, shipment.quantity, left.quantity);
      if (!parts.ok()) continue;
      left.parts = *std::move(parts);
    }
    for (const MovedUnits& moved : MovedBy(left)) {
      open.push_back({{moved.product, moved.lot},
                      {.kind = CandidateKind::kUnreceivedShipment,
                       .fact = NameOf(shipment),
                       .date = shipment.ship_date,
                       .units = moved.quantity}});
    }
  }
  return open;
}

// In what follows the database finds what is alike in the columns that tell most rows apart; the rest is compared row
// by row.

absl::StatusOr<std::vector<LotCandidate>> EvidenceStore::RepeatedSales(mysql::Transaction& sql,
                                                                       std::string_view partner,
                                                                       std::string_view product, Date from,
                                                                       Date to) const {
  const Date first = from.AddDays(-kNearDays);
  mysql::Values values = {partner, first, to};
  const std::string which = OrOfKits(product, &values, "a.");
  values.insert(values.end(), {partner, first, to});
  // Without a customer, days must be the same.
  ASSIGN_OR_RETURN(
      const std::vector<SellThroughSale> sales,
      sales_.table().Select(
          sql,
          StrCat(
              "s JOIN (SELECT product AS alike_product, lot AS alike_lot, quantity AS alike_quantity, end_customer AS "
              "alike_customer, CASE WHEN end_customer = '' THEN sale_date END AS alike_day FROM sell_through_sale a "
              "WHERE a.partner = ? AND a.posted = 1 AND a.sale_date BETWEEN ? AND ?",
              which, " AND ", sales_.table().StandsCondition("a"),
              " GROUP BY product, lot, quantity, end_customer, alike_day HAVING COUNT(DISTINCT document) > 1) alike "
              "ON s.product = alike_product AND s.lot = alike_lot AND s.quantity = alike_quantity AND "
              "s.end_customer = alike_customer AND (alike_day IS NULL OR s.sale_date = alike_day) WHERE "
              "s.partner = ? AND s.posted = 1 AND s.sale_date BETWEEN ? AND ? AND ",
              sales_.table().StandsCondition("s")),
          values));
  return LookAlikes(sales, from);
}

absl::StatusOr<std::vector<LotCandidate>> EvidenceStore::RepeatedShipments(mysql::Transaction& sql,
                                                                           std::string_view partner,
                                                                           std::string_view product, Date from,
                                                                           Date to) const {
  mysql::Values values = {partner, from, to};
  const std::string which = OrOfKits(product, &values, "a.");
  values.push_back(partner);
  ASSIGN_OR_RETURN(
      const std::vector<ShipmentLine> lines,
      shipments_.table().Select(
          sql,
          StrCat(
              "s JOIN (SELECT product AS alike_product, lot AS alike_lot, ship_date AS alike_date, quantity AS "
              "alike_quantity FROM shipment_line a WHERE a.partner = ? AND a.posted = 1 AND a.awaits_receipt = 0 AND "
              "a.ship_date BETWEEN ? AND ?",
              which, " AND ", shipments_.table().StandsCondition("a"),
              " GROUP BY product, lot, ship_date, quantity HAVING COUNT(DISTINCT document) > 1) alike ON "
              "s.product = alike_product AND s.lot = alike_lot AND s.ship_date = alike_date AND "
              "s.quantity = alike_quantity WHERE s.partner = ? AND s.posted = 1 AND ",
              shipments_.table().StandsCondition("s")),
          values));
  return LookAlikes(lines, from);
}

absl::StatusOr<std::vector<LotCandidate>> EvidenceStore::RepeatedMovements(mysql::Transaction& sql,
                                                                           std::string_view partner,
                                                                           std::string_view product, Date from,
                                                                           Date to) const {
  const Date first = from.AddDays(-kNearDays);
  mysql::Values values = {partner, partner, first, to};
  const std::string which = OrOfKits(product, &values, "a.");
  values.insert(values.end(), {partner, partner, first, to});
  ASSIGN_OR_RETURN(
      const std::vector<StockMovement> movements,
      movements_.table().Select(
          sql,
          StrCat("s JOIN (SELECT partner AS alike_partner, product AS alike_product, lot AS alike_lot, quantity AS "
                 "alike_quantity, from_place AS alike_from, to_place AS alike_to FROM stock_movement a WHERE "
                 "(a.partner = ? OR a.to_partner = ?) AND a.posted = 1 AND a.effective_date BETWEEN ? AND ?",
                 which, " AND ", movements_.table().StandsCondition("a"),
                 " GROUP BY partner, product, lot, quantity, from_place, to_place HAVING COUNT(DISTINCT document) > 1) "
                 "alike ON s.partner = alike_partner AND s.product = alike_product AND s.lot = alike_lot AND "
                 "s.quantity = alike_quantity AND s.from_place = alike_from AND s.to_place = alike_to WHERE "
                 "(s.partner = ? OR s.to_partner = ?) AND s.posted = 1 AND s.effective_date BETWEEN ? AND ? AND ",
                 movements_.table().StandsCondition("s")),
          values));
  return LookAlikes(partner, movements, from);
}

absl::StatusOr<Evidence> EvidenceStore::Read(mysql::Transaction& sql, std::string_view partner,
                                             std::string_view product, Date from, Date to) const {
  Evidence evidence;
  ASSIGN_OR_RETURN(evidence.movements, Movements(sql, partner, product, from, to));
  ASSIGN_OR_RETURN(const std::set<std::string> sites, SitesOf(sql, partner, evidence.movements));
  ASSIGN_OR_RETURN(const std::vector<PartnerReport> reports, reports_.OfPartner(sql, partner));
  ASSIGN_OR_RETURN(evidence.opening, Told(sql, partner, product, from.AddDays(-1), reports, sites));
  ASSIGN_OR_RETURN(evidence.closing, Told(sql, partner, product, to, reports, sites));
  const auto add = [&](absl::StatusOr<std::vector<LotCandidate>> found) {
    if (found.ok()) Append(*std::move(found), &evidence.candidates);
    return found.status();
  };
  RETURN_IF_ERROR(add(Unreceived(sql, partner, product, to)));
  RETURN_IF_ERROR(add(RepeatedSales(sql, partner, product, from, to)));
  RETURN_IF_ERROR(add(RepeatedShipments(sql, partner, product, from, to)));
  RETURN_IF_ERROR(add(RepeatedMovements(sql, partner, product, from, to)));
  RETURN_IF_ERROR(add(OpenReturns(sql, partner, product, to)));
  RETURN_IF_ERROR(add(InTransit(sql, partner, product, to)));
  RETURN_IF_ERROR(add(InTransitFrom(sql, partner, product, to)));
  return evidence;
}

}  // namespace tributary::inventory
