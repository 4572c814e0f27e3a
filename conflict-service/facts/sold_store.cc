#include "conflict-service/facts/sold_store.h"

#include <string_view>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

// Rows that count on their own day, `g`: all but returns of a sale that is known.
constexpr std::string_view kOnTheirDay =
    "SELECT g.partner, s.region, g.sale_date, g.quantity FROM sold_goods g JOIN sale s ON s.name = g.sale WHERE "
    "NOT EXISTS (SELECT 1 FROM sold_return l JOIN sold_goods o ON o.sale = l.original WHERE l.sale = g.sale AND "
    "o.partner = g.partner AND o.product = g.product) AND s.reverses = '' AND "
    "NOT EXISTS (SELECT 1 FROM sale r WHERE r.reverses = s.name) AND "
    "g.product = ? AND g.sale_date >= ? AND g.sale_date < ? AND g.partner IN ";
// Returns of the sales `g` of the partner.
constexpr std::string_view kOnTheirSalesDay =
    "SELECT g.partner, o.region, g.sale_date, b.quantity FROM sold_goods g JOIN sale o ON o.name = g.sale JOIN "
    "sold_return l ON l.original = g.sale JOIN sold_goods b ON b.sale = l.sale JOIN sale s ON s.name = b.sale WHERE "
    "b.partner = g.partner AND b.product = g.product AND s.reverses = '' AND "
    "NOT EXISTS (SELECT 1 FROM sale r WHERE r.reverses = s.name) AND "
    "g.product = ? AND g.sale_date >= ? AND g.sale_date < ? AND g.partner IN ";

// Sales that stand, with a region and what was paid, `p`.
constexpr std::string_view kPrices =
    "SELECT g.sale, g.partner, g.product, p.currency, p.paid, g.quantity, s.region, g.sale_date FROM sold_goods g "
    "JOIN sold_price p ON p.product = g.product AND p.sale = g.sale JOIN sale s ON s.name = g.sale WHERE "
    "s.is_return = 0 AND s.reverses = '' AND s.region <> '' AND "
    "NOT EXISTS (SELECT 1 FROM sale r WHERE r.reverses = s.name) AND ";

std::vector<PriceObservation> PricesFrom(const mysql::Rows& rows) {
  std::vector<PriceObservation> prices;
  prices.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    PriceObservation& price = prices.emplace_back();
    price.name = row.Text(0);
    price.kind = PriceObservation::Kind::kSold;
    price.partner = row.Text(1);
    price.product = row.Text(2);
    price.price = {row.Text(3), row.Dec(4)};
    price.sold_units = row.Dec(5);
    price.region = row.Text(6);
    price.date = row.Day(7);
  }
  return prices;
}

// So much for so many units; what came back, was credited or says no units has no price.
bool IsPrice(const SoldGoods& goods) {
  return goods.paid && !goods.paid->amount.negative() && goods.quantity > Decimal();
}

}  // namespace

absl::Status SoldStore::Put(mysql::Transaction& sql, const std::vector<SoldGoods>& sold) const {
  mysql::Values rows, returns, prices;
  for (const SoldGoods& goods : sold) {
    rows.insert(rows.end(), {goods.sale, goods.partner, goods.product, goods.date, goods.quantity});
    if (!goods.original.empty()) returns.insert(returns.end(), {goods.sale, goods.original});
    if (IsPrice(goods)) {
      prices.insert(prices.end(), {goods.product, goods.sale, goods.paid->currency, goods.paid->amount});
    }
  }
  RETURN_IF_ERROR(PutRows(sql, "INSERT INTO sold_goods (sale, partner, product, sale_date, quantity) VALUES", 5,
                          std::move(rows), "ON DUPLICATE KEY UPDATE sale = VALUES(sale)"));
  RETURN_IF_ERROR(PutRows(sql, "INSERT INTO sold_price (product, sale, currency, paid) VALUES", 4, std::move(prices),
                          "ON DUPLICATE KEY UPDATE sale = VALUES(sale)"));
  return PutRows(sql, "INSERT INTO sold_return (sale, original) VALUES", 2, std::move(returns),
                 "ON DUPLICATE KEY UPDATE sale = VALUES(sale)");
}

absl::StatusOr<std::set<std::string>> SoldStore::Sellers(mysql::Transaction& sql, const std::string& product,
                                                         const DateRange& days) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT DISTINCT g.partner FROM sold_goods g JOIN sale s ON s.name = g.sale WHERE g.product = ? AND "
                "g.sale_date >= ? AND g.sale_date < ? AND s.reverses = '' AND NOT EXISTS "
                "(SELECT 1 FROM sale r WHERE r.reverses = s.name)",
                {product, days.start, days.end}));
  std::set<std::string> sellers;
  for (const mysql::Row& row : rows) sellers.insert(row.Text(0));
  return sellers;
}

absl::StatusOr<std::vector<PriceObservation>> SoldStore::PricesOf(mysql::Transaction& sql,
                                                                  const std::set<std::string>& sales) const {
  std::vector<PriceObservation> prices;
  RETURN_IF_ERROR(ForNames(sales, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kPrices, "g.sale IN ", in), values));
    for (PriceObservation& price : PricesFrom(rows)) prices.push_back(std::move(price));
    return absl::OkStatus();
  }));
  return prices;
}

absl::Status SoldStore::VisitPrices(mysql::Transaction& sql, const std::string& product, const DateRange& days,
                                    PricesVisitor visit) const {
  constexpr int kAtOnce = 2000;
  std::string last;
  for (;;) {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat(kPrices,
                                      "p.product = ? AND g.sale_date >= ? AND g.sale_date < ? AND p.sale > ? "
                                      "ORDER BY p.sale LIMIT ?"),
                               {product, days.start, days.end, last, kAtOnce}));
    if (rows.empty()) return absl::OkStatus();
    last = rows.back().Text(0);
    RETURN_IF_ERROR(visit(PricesFrom(rows)));
    if (rows.size() < kAtOnce) return absl::OkStatus();
  }
}

absl::StatusOr<std::vector<SoldUnits>> SoldStore::Of(mysql::Transaction& sql, const std::string& product,
                                                     const std::set<std::string>& partners,
                                                     const DateRange& days) const {
  std::vector<SoldUnits> sold;
  RETURN_IF_ERROR(ForNames(partners, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    mysql::Values bound = {product, days.start, days.end};
    bound.insert(bound.end(), values.begin(), values.end());
    for (const std::string_view select : {kOnTheirDay, kOnTheirSalesDay}) {
      ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(select, in), bound));
      for (const mysql::Row& row : rows) {
        sold.push_back({.partner = row.Text(0), .region = row.Text(1), .date = row.Day(2), .quantity = row.Dec(3)});
      }
    }
    return absl::OkStatus();
  }));
  return sold;
}

}  // namespace tributary::conflict
