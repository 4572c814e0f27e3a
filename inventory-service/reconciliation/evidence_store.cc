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
std::string OfProduct(std::string_view product, mysql::Values* values, std::string_view column = "product") {
  if (product.empty()) return {};
  values->push_back(product);
  return StrCat(" AND ", column, " = ?");
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
  const std::string which = OfProduct(product, &values, "l.product");
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT l.product, l.lot, r.id, CAST(r.create_time AS DATE), SUM(l.quantity) "
                       "FROM return_authorization r JOIN return_line l ON l.partner = r.partner AND l.return_id = r.id "
                       "WHERE r.partner = ? AND r.create_time < ? AND (r.state IN (?, ?) OR (r.state = ? AND "
                       "r.receive_date > ?))",
                       which, " GROUP BY l.product, l.lot, r.id, CAST(r.create_time AS DATE)"),
                values));
  std::vector<LotCandidate> open;
  for (const mysql::Row& row : rows) {
    open.push_back({{row.Text(0), row.Text(1)},
                    {.kind = CandidateKind::kOpenReturn,
                     .fact = StrCat("partners/", partner, "/returns/", row.Text(2)),
                     .date = row.Day(3),
                     .units = -row.Dec(4)}});
  }
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
  std::string shipped = OfProduct(product, &values);
  values.insert(values.end(), {partner, to});
  const std::string received = OfProduct(product, &values);
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
    open.push_back({{line.fact.product, line.fact.lot},
                    {.kind = CandidateKind::kUnreceivedShipment,
                     .fact = NameOf(last->second),
                     .date = last->second.ship_date,
                     .units = line.fact.quantity}});
  }
  return open;
}

absl::StatusOr<std::vector<LotCandidate>> EvidenceStore::Repeated(mysql::Transaction& sql, std::string_view partner,
                                                                  std::string_view product, Date from, Date to) const {
  // The database finds what is alike in the columns that tell most rows apart; the rest is compared row by row.
  const auto alike = [&](std::string_view table, std::string_view date, std::string_view stands, std::string_view which,
                         mysql::Values* values) {
    *values = {partner, from, to};
    const std::string inner = OfProduct(product, values, "a.product");
    std::string tail = StrCat(
        "s JOIN (SELECT product AS alike_product, lot AS alike_lot, ", date,
        " AS alike_date, quantity AS alike_quantity FROM ", table, " a WHERE a.partner = ? AND a.posted = 1 AND a.",
        date, " BETWEEN ? AND ?", which, inner, " AND ", stands, " GROUP BY product, lot, ", date,
        ", quantity HAVING COUNT(DISTINCT document) > 1) alike ON s.product = alike_product AND s.lot = "
        "alike_lot AND s.",
        date, " = alike_date AND s.quantity = alike_quantity WHERE s.partner = ? AND s.posted = 1");
    values->push_back(partner);
    return tail;
  };
  mysql::Values values;
  std::string tail = alike("sell_through_sale", "sale_date", sales_.table().StandsCondition("a"), "", &values);
  ASSIGN_OR_RETURN(const std::vector<SellThroughSale> sales,
                   sales_.table().Select(sql, StrCat(tail, " AND ", sales_.table().StandsCondition("s")), values));
  std::vector<LotCandidate> repeated = LookAlikes(sales);
  tail = alike("shipment_line", "ship_date", shipments_.table().StandsCondition("a"), " AND a.awaits_receipt = 0",
               &values);
  ASSIGN_OR_RETURN(
      const std::vector<ShipmentLine> lines,
      shipments_.table().Select(sql, StrCat(tail, " AND ", shipments_.table().StandsCondition("s")), values));
  Append(LookAlikes(lines), &repeated);
  return repeated;
}

absl::StatusOr<Evidence> EvidenceStore::Read(mysql::Transaction& sql, std::string_view partner,
                                             std::string_view product, Date from, Date to) const {
  Evidence evidence;
  ASSIGN_OR_RETURN(evidence.movements, Movements(sql, partner, product, from, to));
  ASSIGN_OR_RETURN(const std::set<std::string> sites, SitesOf(sql, partner, evidence.movements));
  ASSIGN_OR_RETURN(const std::vector<PartnerReport> reports, reports_.OfPartner(sql, partner));
  ASSIGN_OR_RETURN(evidence.opening, Told(sql, partner, product, from.AddDays(-1), reports, sites));
  ASSIGN_OR_RETURN(evidence.closing, Told(sql, partner, product, to, reports, sites));
  ASSIGN_OR_RETURN(evidence.candidates, Unreceived(sql, partner, product, to));
  ASSIGN_OR_RETURN(std::vector<LotCandidate> repeated, Repeated(sql, partner, product, from, to));
  Append(std::move(repeated), &evidence.candidates);
  ASSIGN_OR_RETURN(std::vector<LotCandidate> returns, OpenReturns(sql, partner, product, to));
  Append(std::move(returns), &evidence.candidates);
  ASSIGN_OR_RETURN(std::vector<LotCandidate> transfers, InTransit(sql, partner, product, to));
  Append(std::move(transfers), &evidence.candidates);
  return evidence;
}

}  // namespace tributary::inventory
