#include "inventory-service/movements/movement_store.h"

#include <algorithm>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/counts/count.h"
#include "inventory-service/facts/in_list.h"
#include "inventory-service/products/kit.h"
#include "inventory-service/reporting_obligations/reporting_obligation_store.h"
#include "inventory-service/sell_through/sell_through_sale.h"

namespace tributary::inventory {
namespace {

// A reversal takes back the statement before it.
constexpr std::string_view kStanding = "CASE WHEN MOD(generation, 2) = 1 THEN -1 ELSE 1 END";

// " AND ..." for what had happened on `date_column` and was recorded by then.
std::string Until(const AsOf& as_of, std::string_view date_column, mysql::Values* values) {
  std::string text;
  if (as_of.date.has_value()) {
    StrAppend(&text, " AND ", date_column, " <= ?");
    values->push_back(*as_of.date);
  }
  if (as_of.known.has_value()) {
    text += " AND recorded_at <= ?";
    values->push_back(*as_of.known);
  }
  return text;
}

bool IsAsked(const std::vector<std::string_view>& products, std::string_view product) {
  return std::find(products.begin(), products.end(), product) != products.end();
}

// Adds what moved in kits, to their parts among the products.
absl::Status AddParts(mysql::Transaction& sql, std::string_view table, std::string_view date_column,
                      std::string_view partner, const std::vector<std::string_view>& products, const AsOf& as_of,
                      std::string_view which, std::map<std::string, ByDay>* sums) {
  mysql::Values values = {partner};
  const std::string until = Until(as_of, date_column, &values);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", date_column, ", parts FROM ", table,
                                    " WHERE partner = ? AND posted = 1 AND parts IS NOT NULL", which, until),
                             values));
  for (const mysql::Row& row : rows) {
    for (const KitPart& part : PartsFromText(row.Bytes(1))) {
      if (products.empty()) {
        (*sums)[""][row.Day(0)] += part.quantity;
      } else if (IsAsked(products, part.product)) {
        (*sums)[part.product][row.Day(0)] += part.quantity;
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::map<std::string, ByDay>> SumsByDay(mysql::Transaction& sql, std::string_view table,
                                                       std::string_view date_column, std::string_view partner,
                                                       const std::vector<std::string_view>& products, const AsOf& as_of,
                                                       std::string_view which = "") {
  const bool together = products.empty();
  mysql::Values values = {partner};
  std::string where = StrCat("WHERE partner = ? AND posted = 1", which);
  if (!together) StrAppend(&where, " AND (product IN ", InList(products, &values), " OR parts IS NOT NULL)");
  where += Until(as_of, date_column, &values);
  // All together, what moved in kits is its parts alone.
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", together ? "''" : "product", ", ", date_column, ", SUM(",
                                    together ? "CASE WHEN parts IS NULL THEN quantity ELSE 0 END" : "quantity",
                                    "), MAX(parts IS NOT NULL) FROM ", table, " ", where, " GROUP BY ",
                                    together ? "" : "product, ", date_column),
                             values));
  std::map<std::string, ByDay> sums;
  bool in_kits = false;
  for (const mysql::Row& row : rows) {
    in_kits = in_kits || row.Bool(3);
    if (together || IsAsked(products, row.Bytes(0))) sums[row.Text(0)][row.Day(1)] = row.Dec(2);
  }
  // Most partners move no kits: a second look at their lines is for those who do.
  if (in_kits) RETURN_IF_ERROR(AddParts(sql, table, date_column, partner, products, as_of, which, &sums));
  for (auto& [product, by_day] : sums) std::erase_if(by_day, [](const auto& day) { return day.second.zero(); });
  std::erase_if(sums, [](const auto& one) { return one.second.empty(); });
  return sums;
}

}  // namespace

const std::vector<FilterField>& MovementStore::ProductFields() {
  static const auto& fields =
      *new std::vector<FilterField>{FilterField::String("product", "CONCAT('products/', product)")};
  return fields;
}

absl::StatusOr<std::vector<std::string>> MovementStore::Products(mysql::Transaction& sql, std::string_view partner,
                                                                 std::string_view after, const SqlPredicate& filter,
                                                                 const AsOf& as_of, int limit) const {
  mysql::Values values = {partner, after};
  std::string where = "WHERE partner = ? AND product > ?";
  where += Until(as_of, "effective_date", &values);
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.push_back(limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT DISTINCT product FROM stock_posting ", where,
                                                            " AND (", filter.sql(), ") ORDER BY product LIMIT ?"),
                                                     values));
  std::vector<std::string> products;
  for (const mysql::Row& row : rows) products.push_back(row.Text(0));
  return products;
}

absl::StatusOr<std::map<SiteProduct, SiteBook>> MovementStore::Books(mysql::Transaction& sql, std::string_view partner,
                                                                     const std::vector<std::string_view>& products,
                                                                     const AsOf& as_of) const {
  std::vector<PlaceMovement> movements;
  if (products.empty()) return BooksOf(movements);
  mysql::Values values = {partner};
  std::string where = StrCat("WHERE partner = ? AND product IN ", InList(products, &values));
  where += Until(as_of, "effective_date", &values);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT product, from_place, to_place, effective_date, SUM(quantity) "
                                    "FROM stock_posting ",
                                    where, " GROUP BY product, from_place, to_place, effective_date"),
                             values));
  movements.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    movements.push_back({row.Text(0), row.Text(1), row.Text(2), row.Day(3), row.Dec(4)});
  }
  return BooksOf(movements);
}

absl::StatusOr<std::map<std::string, ByDay>> MovementStore::SellIn(mysql::Transaction& sql, std::string_view partner,
                                                                   const std::vector<std::string_view>& products,
                                                                   const AsOf& as_of) const {
  return SumsByDay(sql, "shipment_line", "ship_date", partner, products, as_of);
}

absl::StatusOr<std::map<std::string, ByDay>> MovementStore::SellThrough(mysql::Transaction& sql,
                                                                        std::string_view partner,
                                                                        const std::vector<std::string_view>& products,
                                                                        const AsOf& as_of) const {
  // What was written off or found is nobody's demand.
  return SumsByDay(sql, "sell_through_sale", "sale_date", partner, products, as_of,
                   StrCat(" AND activity <> ", static_cast<int>(SellThroughSale::Activity::kAdjustment)));
}

absl::StatusOr<std::map<std::string, ToldDays>> MovementStore::Told(mysql::Transaction& sql, std::string_view partner,
                                                                    const std::set<std::string>& sites,
                                                                    const AsOf& as_of) const {
  ASSIGN_OR_RETURN(std::vector<ReceivedReport> reports, ReportingObligationStore().Received(sql, partner));
  std::erase_if(reports, [&](const ReceivedReport& report) {
    return !report.coverage.activities.Contains(Activity::kSellThrough) ||
           (as_of.known.has_value() && *as_of.known < report.create_time);
  });
  std::map<std::string, ToldDays> told;
  if (!reports.empty()) {
    const Date end = as_of.date.has_value() ? as_of.date->AddDays(1) : OpenEnd();
    for (const std::string& site : sites) {
      std::vector<DateRange> covered;
      for (const ReceivedReport& report : reports) {
        if (!site.empty() && !report.coverage.CoversSite(site)) continue;
        covered.push_back({report.coverage.from, std::min(report.coverage.to.AddDays(1), end)});
      }
      told[site] = {.days = Joined(std::move(covered)), .by_reports = true};
    }
    return told;
  }
  // A sale of a later day tells, as known then, that the days before it were told.
  mysql::Values values = {partner};
  const std::string until = Until({.known = as_of.known}, "sale_date", &values);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT MIN(day), MAX(day) FROM (SELECT sale_date AS day FROM sell_through_sale "
                                    "WHERE partner = ?",
                                    until, " GROUP BY sale_date HAVING SUM(", kStanding, ") > 0) days"),
                             values));
  std::vector<DateRange> recorded;
  if (!rows.at(0).IsNull(0)) {
    const Date last = rows.front().Day(1);
    recorded.push_back({rows.front().Day(0), std::min(last, as_of.date.value_or(last)).AddDays(1)});
  }
  for (const std::string& site : sites) told[site].days = Joined(recorded);
  return told;
}

absl::StatusOr<std::vector<SiteTold>> MovementStore::SitesTold(mysql::Transaction& sql, std::string_view partner,
                                                               const std::vector<std::string_view>& products,
                                                               const AsOf& as_of) const {
  mysql::Values values = {partner};
  std::string where = "WHERE partner = ?";
  if (!products.empty()) StrAppend(&where, " AND product IN ", InList(products, &values));
  where += Until(as_of, "effective_date", &values);
  ASSIGN_OR_RETURN(const mysql::Rows moved,
                   sql.Query(StrCat("SELECT from_place, to_place, MIN(effective_date) FROM stock_posting ", where,
                                    " GROUP BY from_place, to_place"),
                             values));
  std::map<std::string, DateRange> owed;
  for (const mysql::Row& row : moved) {
    for (const size_t place : {0, 1}) {
      if (!IsSite(row.Bytes(place))) continue;
      const auto [site, fresh] =
          owed.try_emplace(std::string(SiteOf(row.Bytes(place))), DateRange{row.Day(2), OpenEnd()});
      if (!fresh) site->second.start = std::min(site->second.start, row.Day(2));
    }
  }
  if (owed.empty()) owed[std::string(kMainSite)] = {Date::FromYmd(1900, 1, 1).value(), OpenEnd()};
  ASSIGN_OR_RETURN(const mysql::Rows closed,
                   sql.Query("SELECT id, closed_on FROM site WHERE partner = ? AND closed_on IS NOT NULL", {partner}));
  for (const mysql::Row& row : closed) {
    if (const auto site = owed.find(row.Text(0)); site != owed.end()) site->second.end = row.Day(1);
  }
  std::set<std::string> sites;
  for (const auto& [site, days] : owed) sites.insert(site);
  ASSIGN_OR_RETURN(const auto told, Told(sql, partner, sites, as_of));
  std::vector<SiteTold> all;
  all.reserve(owed.size());
  for (const auto& [site, days] : owed) all.push_back({days, told.at(site)});
  return all;
}

absl::StatusOr<bool> MovementStore::EverCounted(mysql::Transaction& sql, std::string_view partner,
                                                const AsOf& as_of) const {
  // A count that found what the books say adjusted nothing.
  mysql::Values values = {partner, static_cast<int>(CountState::kApproved)};
  std::string where = "WHERE partner = ? AND state = ?";
  if (as_of.date.has_value()) {
    where += " AND count_date <= ?";
    values.push_back(*as_of.date);
  }
  if (as_of.known.has_value()) {
    where += " AND update_time <= ?";
    values.push_back(*as_of.known);
  }
  ASSIGN_OR_RETURN(const mysql::Rows counts,
                   sql.Query(StrCat("SELECT 1 FROM stock_count ", where, " LIMIT 1"), values));
  if (!counts.empty()) return true;
  values = {partner, kAdjustment, kAdjustment};
  const std::string until = Until(as_of, "effective_date", &values);
  ASSIGN_OR_RETURN(
      const mysql::Rows corrections,
      sql.Query(StrCat("SELECT 1 FROM stock_posting WHERE partner = ? AND (from_place = ? OR to_place = ?) "
                       "AND cause LIKE 'partners/%/movements/%'",
                       until, " LIMIT 1"),
                values));
  return !corrections.empty();
}

absl::StatusOr<std::map<std::string, LeadTimeSums>> MovementStore::LeadTimes(mysql::Transaction& sql,
                                                                             std::string_view partner,
                                                                             const AsOf& as_of) const {
  mysql::Values values = {partner};
  const std::string until = Until(as_of, "ship_date", &values);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT product, CAST(SUM(standing) AS SIGNED), CAST(SUM(standing * days) AS SIGNED), "
                       "CAST(SUM(standing * days * days) AS SIGNED) FROM (SELECT product, ",
                       kStanding,
                       " AS standing, DATEDIFF(ship_date, order_date) AS days FROM shipment_line WHERE partner = ? "
                       "AND posted = 1 AND original_line = ''",
                       until, ") shipped GROUP BY product"),
                values));
  std::map<std::string, LeadTimeSums> sums;
  LeadTimeSums& all = sums[""];
  for (const mysql::Row& row : rows) {
    const LeadTimeSums one{.lines = row.Int(1), .days = row.Int(2), .squares = row.Int(3)};
    sums[row.Text(0)] = one;
    all.lines += one.lines;
    all.days += one.days;
    all.squares += one.squares;
  }
  return sums;
}

}  // namespace tributary::inventory
