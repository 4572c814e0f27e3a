#include "inventory-service/orders/order_store.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "common/digest/sha256.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/page_of.h"
#include "inventory-service/products/kit_store.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kColumns =
    "partner, id, uid, version, create_time, update_time, state, order_date, requested_date, currency, route, "
    "end_customer, deal, place_time, response_time, site, fulfillment, told";

Order Read(const mysql::Row& row) {
  Order order;
  order.partner = row.Text(0);
  order.id = row.Text(1);
  order.uid = row.Id(2);
  order.version = row.Int(3);
  order.create_time = row.Instant(4);
  order.update_time = row.Instant(5);
  order.state = static_cast<OrderState>(row.Int(6));
  order.order_date = row.Day(7);
  order.requested_date = row.Day(8);
  order.currency = row.Text(9);
  order.route = row.Text(10);
  order.end_customer = row.Text(11);
  order.deal = row.Text(12);
  if (!row.IsNull(13)) order.place_time = row.Instant(13);
  if (!row.IsNull(14)) order.response_time = row.Instant(14);
  order.site = row.Text(15);
  order.fulfillment = static_cast<Fulfillment>(row.Int(16));
  order.told = row.Text(17);
  return order;
}

constexpr std::string_view kLineColumns =
    "line, product, quantity, free_of_charge, list_price, discount, net_amount, tax_amount, gross_amount, confirmed, "
    "unit, unit_quantity";

OrderLine ReadLine(const mysql::Row& row) {
  return {.line = static_cast<int>(row.Int(0)),
          .product = row.Text(1),
          .quantity = row.Dec(2),
          .free_of_charge = row.Bool(3),
          .list_price = row.Dec(4),
          .discount = row.Dec(5),
          .net_amount = row.Dec(6),
          .tax_amount = row.Dec(7),
          .gross_amount = row.Dec(8),
          .confirmed = row.Dec(9),
          .unit = row.Text(10),
          .unit_quantity = row.Dec(11)};
}

// The hold that it names, and what of it falls on its lines.
absl::Status CompleteWallet(mysql::Transaction& sql, Order* order) {
  ASSIGN_OR_RETURN(const mysql::Rows named,
                   sql.Query("SELECT wallet_hold, wallet_use FROM order_wallet WHERE partner = ? AND order_id = ?",
                             {order->partner, order->id}));
  if (named.empty()) return absl::OkStatus();
  order->wallet_hold = named.front().Text(0);
  if (const int64_t use = named.front().Int(1); use != 0) order->wallet_use = static_cast<WalletUse>(use);
  ASSIGN_OR_RETURN(const mysql::Rows shares,
                   sql.Query("SELECT line, amount, discount FROM order_line_wallet WHERE partner = ? AND order_id = ?",
                             {order->partner, order->id}));
  for (const mysql::Row& row : shares) {
    OrderLine* line = order->Line(static_cast<int>(row.Int(0)));
    line->wallet_amount = row.Dec(1);
    line->wallet_discount = row.Dec(2);
  }
  return absl::OkStatus();
}

absl::Status Complete(mysql::Transaction& sql, Order* order) {
  ASSIGN_OR_RETURN(const mysql::Rows lines,
                   sql.Query(StrCat("SELECT ", kLineColumns,
                                    " FROM distributor_order_line WHERE partner = ? AND order_id = ? ORDER BY line"),
                             {order->partner, order->id}));
  for (const mysql::Row& row : lines) order->lines.push_back(ReadLine(row));
  ASSIGN_OR_RETURN(const mysql::Rows checks,
                   sql.Query("SELECT kind, outcome, line, got, bound, why, resource FROM order_check "
                             "WHERE partner = ? AND order_id = ? ORDER BY n",
                             {order->partner, order->id}));
  for (const mysql::Row& row : checks) {
    order->checks.push_back({static_cast<CheckKind>(row.Int(0)), static_cast<CheckOutcome>(row.Int(1)),
                             static_cast<int>(row.Int(2)), row.Dec(3), row.Dec(4), row.Text(5), row.Text(6)});
  }
  return CompleteWallet(sql, order);
}

absl::Status InsertParts(mysql::Transaction& sql, const Order& order) {
  mysql::Values lines;
  for (const OrderLine& line : order.lines) {
    lines.insert(lines.end(), {order.partner, order.id, line.line, line.product, line.quantity, line.free_of_charge,
                               line.list_price, line.discount, line.net_amount, line.tax_amount, line.gross_amount,
                               line.confirmed, line.unit, line.unit_quantity});
  }
  RETURN_IF_ERROR(sql.InsertRows(
      StrCat("INSERT INTO distributor_order_line (partner, order_id, ", kLineColumns, ") VALUES"), 14, lines));
  mysql::Values checks;
  int n = 0;
  for (const OrderCheck& check : order.checks) {
    checks.insert(checks.end(),
                  {order.partner, order.id, ++n, static_cast<int>(check.kind), static_cast<int>(check.outcome),
                   check.line, check.got, check.bound, check.why, check.resource});
  }
  RETURN_IF_ERROR(sql.InsertRows(
      "INSERT INTO order_check (partner, order_id, n, kind, outcome, line, got, bound, why, resource) VALUES", 10,
      checks));
  if (order.wallet_hold.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(sql.InsertRows("INSERT INTO order_wallet (partner, order_id, wallet_hold, wallet_use) VALUES", 4,
                                 {order.partner, order.id, order.wallet_hold,
                                  order.wallet_use.has_value() ? static_cast<int>(*order.wallet_use) : 0}));
  mysql::Values shares;
  for (const OrderLine& line : order.lines) {
    if (line.wallet_amount.zero()) continue;
    shares.insert(shares.end(), {order.partner, order.id, line.line, line.wallet_amount, line.wallet_discount});
  }
  return sql.InsertRows("INSERT INTO order_line_wallet (partner, order_id, line, amount, discount) VALUES", 5, shares);
}

absl::StatusOr<std::map<int, Decimal>> InvoicedByLine(mysql::Transaction& sql, std::string_view partner,
                                                      std::string_view id) {
  // Reversals are negative, so the sum need not leave anything out.
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT order_line, SUM(quantity) FROM invoice_line WHERE "
                                                     "partner = ? AND order_id = ? GROUP BY order_line",
                                                     {partner, id}));
  std::map<int, Decimal> sums;
  for (const mysql::Row& row : rows) sums[static_cast<int>(row.Int(0))] = row.Dec(1);
  return sums;
}

// Orders of rows that `select` answers as (partner, order).
absl::Status Add(mysql::Transaction& sql, std::string_view select, const mysql::Values& values,
                 std::map<std::string, std::set<std::string>>* orders) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(select, values));
  for (const mysql::Row& row : rows) (*orders)[row.Text(0)].insert(row.Text(1));
  return absl::OkStatus();
}

}  // namespace

std::string ToldOf(const Order& order, const OrderProgress& progress) { return Sha256(TextOf(order, progress)); }

const std::vector<FilterField>& OrderStore::Fields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum("state", "state",
                        {{"DRAFT", 1},
                         {"PLACED", 2},
                         {"ON_HOLD", 3},
                         {"PART_CONFIRMED", 4},
                         {"CONFIRMED", 5},
                         {"CANCELED", 6},
                         {"PENDING_FUNDS", 7}}),
      FilterField::Enum("fulfillment", "fulfillment",
                        {{"NOT_SHIPPED", 1}, {"PART_SHIPPED", 2}, {"SHIPPED", 3}, {"SETTLED", 4}, {"RECEIVED", 5}}),
      FilterField::Day("order_date", "order_date"),
      FilterField::Day("requested_date", "requested_date"),
      FilterField::String("currency", "currency"),
      FilterField::String("route", "route"),
      FilterField::String("site", "CONCAT('partners/', partner, '/sites/', site)"),
      FilterField::String("end_customer", "end_customer")};
  return fields;
}

absl::StatusOr<Order> OrderStore::Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kColumns, " FROM distributor_order WHERE partner = ? AND id = ?"), {partner, id}));
  if (rows.empty()) return NotFound(StrCat("partners/", partner, "/orders/", id));
  Order order = Read(rows.front());
  RETURN_IF_ERROR(Complete(sql, &order));
  return order;
}

absl::StatusOr<std::vector<Order>> OrderStore::List(mysql::Transaction& sql, std::string_view partner,
                                                    std::string_view after_partner, std::string_view after_id,
                                                    const SqlPredicate& filter, int limit) const {
  const PageClauses page = PageOf(partner, {{"partner", after_partner}, {"id", after_id}}, filter, limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM distributor_order ", page.sql()), page.values));
  std::vector<Order> orders;
  for (const mysql::Row& row : rows) {
    orders.push_back(Read(row));
    RETURN_IF_ERROR(Complete(sql, &orders.back()));
  }
  return orders;
}

absl::Status OrderStore::Insert(mysql::Transaction& sql, const Order& order) const {
  ASSIGN_OR_RETURN(
      const bool fresh,
      sql.TryInsert(StrCat("INSERT INTO distributor_order (", kColumns,
                           ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                    {order.partner, order.id, order.uid, order.version, order.create_time, order.update_time,
                     static_cast<int>(order.state), order.order_date, order.requested_date, order.currency, order.route,
                     order.end_customer, order.deal, mysql::Value(order.place_time), mysql::Value(order.response_time),
                     order.site, static_cast<int>(order.fulfillment), order.told}));
  if (!fresh) return AlreadyExists(order.name());
  return InsertParts(sql, order);
}

absl::Status OrderStore::Update(mysql::Transaction& sql, const Order& order) const {
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE distributor_order SET version = ?, update_time = ?, state = ?, order_date = ?, "
                  "requested_date = ?, currency = ?, route = ?, end_customer = ?, deal = ?, place_time = ?, "
                  "response_time = ?, site = ?, fulfillment = ?, told = ? WHERE partner = ? AND id = ? AND version = ?",
                  {order.version, order.update_time, static_cast<int>(order.state), order.order_date,
                   order.requested_date, order.currency, order.route, order.end_customer, order.deal,
                   mysql::Value(order.place_time), mysql::Value(order.response_time), order.site,
                   static_cast<int>(order.fulfillment), order.told, order.partner, order.id, order.version - 1}));
  if (matched != 1) return sql.RunAgain(StrCat(order.name(), " was changed by another call at the same moment"));
  for (const std::string_view table : {"distributor_order_line", "order_check", "order_wallet", "order_line_wallet"}) {
    RETURN_IF_ERROR(
        sql.Execute(StrCat("DELETE FROM ", table, " WHERE partner = ? AND order_id = ?"), {order.partner, order.id}));
  }
  return InsertParts(sql, order);
}

absl::StatusOr<std::vector<std::string>> OrderStore::NamedBy(mysql::Transaction& sql, std::string_view partner,
                                                             std::string_view wallet_hold) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT order_id FROM order_wallet WHERE partner = ? AND "
                                                     "wallet_hold = ? ORDER BY order_id FOR UPDATE",
                                                     {partner, wallet_hold}));
  std::vector<std::string> orders;
  for (const mysql::Row& row : rows) orders.push_back(row.Text(0));
  return orders;
}

absl::Status OrderStore::SetTold(mysql::Transaction& sql, const Order& order) const {
  return sql
      .Execute("UPDATE distributor_order SET fulfillment = ?, told = ? WHERE partner = ? AND id = ?",
               {static_cast<int>(order.fulfillment), order.told, order.partner, order.id})
      .status();
}

absl::StatusOr<std::map<std::string, std::set<std::string>>> OrderStore::Touched(mysql::Transaction& sql,
                                                                                 const events::ShardRange& range,
                                                                                 std::set<std::string> paid) const {
  const mysql::Values within = {range.shard, range.after, range.upto};
  std::map<std::string, std::set<std::string>> orders;
  RETURN_IF_ERROR(Add(sql,
                      "SELECT DISTINCT partner, order_id FROM shipment_line WHERE shard = ? AND seq > ? AND seq <= ? "
                      "AND order_id <> ''",
                      within, &orders));
  RETURN_IF_ERROR(Add(sql,
                      "SELECT DISTINCT s.partner, s.order_id FROM receipt_line r JOIN shipment_line s ON "
                      "s.document = r.shipment_document AND s.line = r.shipment_line AND s.partner = r.partner WHERE "
                      "r.shard = ? AND r.seq > ? AND r.seq <= ? AND s.order_id <> ''",
                      within, &orders));
  RETURN_IF_ERROR(Add(sql,
                      "SELECT DISTINCT partner, order_id FROM invoice_line WHERE shard = ? AND seq > ? AND seq <= ? "
                      "AND order_id <> ''",
                      within, &orders));
  for (const std::string_view table : {"invoice_line", "credit_note_line"}) {
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT DISTINCT partner FROM ", table, " WHERE shard = ? AND seq > ? AND seq <= ?"), within));
    for (const mysql::Row& row : rows) paid.insert(row.Text(0));
  }
  for (const std::string& partner : paid) {
    RETURN_IF_ERROR(Add(sql, "SELECT partner, id FROM distributor_order WHERE partner = ? AND fulfillment = ?",
                        {partner, static_cast<int>(Fulfillment::kReceived)}, &orders));
    RETURN_IF_ERROR(Add(sql,
                        "SELECT DISTINCT o.partner, o.id FROM billed_document d JOIN invoice_line l ON "
                        "l.partner = d.partner AND l.document = d.document JOIN distributor_order o ON "
                        "o.partner = l.partner AND o.id = l.order_id AND o.fulfillment = ? WHERE d.partner = ? AND "
                        "d.kind = 1 AND d.settled <> d.gross_amount",
                        {static_cast<int>(Fulfillment::kSettled), partner}, &orders));
  }
  return orders;
}

absl::StatusOr<std::map<OrderState, int64_t>> OrderStore::CountByState(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT state, COUNT(*) FROM distributor_order GROUP BY state"));
  std::map<OrderState, int64_t> counts;
  for (const mysql::Row& row : rows) counts[static_cast<OrderState>(row.Int(0))] = row.Int(1);
  return counts;
}

absl::StatusOr<OrderProgress> OrderStore::ProgressOf(mysql::Transaction& sql, std::string_view partner,
                                                     std::string_view id) const {
  OrderProgress progress;
  // Each line of a shipment by itself: what came too much of one makes up for nothing that another one lacks.
  ASSIGN_OR_RETURN(
      const mysql::Rows sent,
      sql.Query(
          "SELECT s.order_line, s.awaits_receipt, s.shipped, "
          "COALESCE(SUM(CASE r.is_lost WHEN 0 THEN r.quantity END), 0), "
          "COALESCE(SUM(CASE r.is_lost WHEN 1 THEN r.quantity END), 0) FROM (SELECT partner, document, line, "
          "product, order_line, awaits_receipt, SUM(quantity) AS shipped FROM shipment_line WHERE partner = ? AND "
          "order_id = ? GROUP BY partner, document, line, product, order_line, awaits_receipt) s LEFT JOIN "
          "receipt_line r ON r.partner = s.partner AND r.shipment_document = s.document AND "
          "r.shipment_line = s.line AND r.product = s.product AND s.awaits_receipt = 1 "
          "GROUP BY s.document, s.line, s.product, s.order_line, s.awaits_receipt, s.shipped",
          {partner, id}));
  for (const mysql::Row& row : sent) {
    const int line = static_cast<int>(row.Int(0));
    const Decimal shipped = row.Dec(2);
    const Decimal most = std::max(shipped, Decimal());
    const Decimal received = row.Bool(1) ? std::clamp(row.Dec(3), Decimal(), most) : shipped;
    progress.shipped[line] += shipped;
    progress.received[line] += received;
    if (row.Bool(1)) progress.lost[line] += std::clamp(row.Dec(4), Decimal(), most - received);
  }
  ASSIGN_OR_RETURN(progress.invoiced, InvoicedByLine(sql, partner, id));
  ASSIGN_OR_RETURN(const mysql::Rows open,
                   sql.Query("SELECT COUNT(*) FROM billed_document d WHERE d.partner = ? AND d.kind = 1 AND "
                             "d.settled <> d.gross_amount AND EXISTS (SELECT 1 FROM invoice_line l WHERE "
                             "l.partner = d.partner AND l.document = d.document AND l.order_id = ?)",
                             {partner, id}));
  progress.settled = open.front().Int(0) == 0;
  return progress;
}

absl::StatusOr<std::vector<ExposureTerm>> OrderStore::OpenOf(mysql::Transaction& sql, std::string_view partner,
                                                             std::string_view currency) const {
  // Lines with something confirmed, and what is billed of each.
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT o.id, l.line, l.product, l.quantity, l.gross_amount, l.confirmed, COALESCE(i.quantity, 0), "
                "COALESCE(w.discount, 0) FROM distributor_order o JOIN distributor_order_line l ON "
                "l.partner = o.partner AND l.order_id = o.id AND l.confirmed <> 0 LEFT JOIN order_line_wallet w ON "
                "w.partner = l.partner AND w.order_id = l.order_id AND w.line = l.line LEFT JOIN (SELECT order_id, "
                "order_line, SUM(quantity) quantity "
                "FROM invoice_line WHERE partner = ? AND order_id <> '' GROUP BY order_id, order_line) i ON "
                "i.order_id = o.id AND i.order_line = l.line WHERE o.partner = ? AND o.currency = ? "
                "ORDER BY o.id, l.line",
                {partner, partner, currency}));
  std::map<std::string, std::pair<Order, OrderProgress>> orders;
  for (const mysql::Row& row : rows) {
    auto& [order, progress] = orders[row.Text(0)];
    order.partner = std::string(partner);
    order.id = row.Text(0);
    const int line = static_cast<int>(row.Int(1));
    order.lines.push_back({.line = line,
                           .product = row.Text(2),
                           .quantity = row.Dec(3),
                           .gross_amount = row.Dec(4),
                           .confirmed = row.Dec(5),
                           .wallet_discount = row.Dec(7)});
    progress.invoiced[line] = row.Dec(6);
  }
  std::vector<ExposureTerm> terms;
  for (const auto& [id, one] : orders) {
    const Decimal open = OpenAmount(one.first, one.second);
    if (!open.zero()) terms.push_back({ExposureKind::kOpenOrder, one.first.name(), open});
  }
  return terms;
}

absl::StatusOr<std::map<std::pair<std::string, std::string>, Decimal>> OrderStore::UnshippedOf(mysql::Transaction& sql,
                                                                                               std::string_view partner,
                                                                                               Date date,
                                                                                               absl::Time known) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(
          "SELECT o.site, l.product, o.order_date, "
          "SUM(GREATEST(l.quantity - GREATEST(COALESCE(s.quantity, 0), 0), 0)) FROM distributor_order o JOIN "
          "distributor_order_line l ON l.partner = o.partner AND l.order_id = o.id "
          "LEFT JOIN (SELECT order_id, order_line, SUM(quantity) quantity FROM shipment_line WHERE partner = ? AND "
          "order_id <> '' AND ship_date <= ? AND recorded_at <= ? GROUP BY order_id, order_line) s ON "
          "s.order_id = l.order_id AND s.order_line = l.line WHERE o.partner = ? AND o.state NOT IN (?, ?) AND "
          "o.order_date <= ? AND o.place_time <= ? GROUP BY o.site, l.product, o.order_date",
          {partner, date, known, partner, static_cast<int>(OrderState::kDraft), static_cast<int>(OrderState::kCanceled),
           date, known}));
  std::set<std::string> products;
  for (const mysql::Row& row : rows) products.insert(row.Text(1));
  ASSIGN_OR_RETURN(const Kits kits, KitStore().Below(sql, products));
  std::map<std::pair<std::string, std::string>, Decimal> unshipped;
  for (const mysql::Row& row : rows) {
    const auto parts = Explode(kits, row.Text(1), row.Dec(3), row.Day(2));
    // Of kits of which a part is no quantity nothing can be promised either.
    if (!parts.ok()) continue;
    for (const auto& [product, quantity] : *parts) unshipped[{row.Text(0), product}] += quantity;
  }
  return unshipped;
}

absl::StatusOr<FillRate> OrderStore::FillRateOf(mysql::Transaction& sql, std::string_view partner, Date from,
                                                Date to) const {
  const std::string where = StrCat("o.order_date >= ? AND o.order_date < ? AND o.state NOT IN (1, 6)",
                                   partner.empty() ? "" : " AND o.partner = ?");
  mysql::Values values = {from, to};
  if (!partner.empty()) values.push_back(partner);
  FillRate rate;
  ASSIGN_OR_RETURN(const mysql::Rows orders,
                   sql.Query(StrCat("SELECT COUNT(*), COUNT(o.response_time), "
                                    "CAST(COALESCE(FLOOR(AVG(TIMESTAMPDIFF(SECOND, o.place_time, o.response_time))), "
                                    "0) AS SIGNED) FROM distributor_order o WHERE ",
                                    where),
                             values));
  rate.orders = orders.front().Int(0);
  rate.answered = orders.front().Int(1);
  rate.mean_response_seconds = orders.front().Int(2);
  // More than was ordered of one line fills nothing of another.
  mysql::Values filled;
  if (!partner.empty()) filled.push_back(partner);
  filled.insert(filled.end(), values.begin(), values.end());
  ASSIGN_OR_RETURN(
      const mysql::Rows units,
      sql.Query(StrCat("SELECT COALESCE(SUM(l.quantity), 0), COALESCE(SUM(l.confirmed), 0), "
                       "COALESCE(SUM(LEAST(l.quantity, GREATEST(COALESCE(s.quantity, 0), 0))), 0) FROM "
                       "distributor_order o JOIN distributor_order_line l ON l.partner = o.partner AND "
                       "l.order_id = o.id LEFT JOIN (SELECT partner, order_id, order_line, SUM(quantity) quantity FROM "
                       "shipment_line WHERE order_id <> ''",
                       partner.empty() ? "" : " AND partner = ?",
                       " GROUP BY partner, order_id, order_line) s ON s.partner = l.partner AND "
                       "s.order_id = l.order_id AND s.order_line = l.line WHERE ",
                       where),
                filled));
  rate.ordered = units.front().Dec(0);
  rate.confirmed = units.front().Dec(1);
  rate.shipped = units.front().Dec(2);
  return rate;
}

}  // namespace tributary::inventory
