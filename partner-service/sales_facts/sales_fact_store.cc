#include "partner-service/sales_facts/sales_fact_store.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kColumns =
    "partner_id, fact, source, kind, refers, order_date, move_date, counted_order_date, counted_move_date, product, "
    "product_line, quantity, amount, currency";
constexpr size_t kWidth = 14;
// Of names in one IN list.
constexpr size_t kNames = 256;

using Name = std::pair<std::string, std::string>;  // partner and fact

SalesFact FromRow(const mysql::Row& row) {
  SalesFact fact{.partner_id = row.Text(0),
                 .fact = row.Text(1),
                 .source = static_cast<SalesSource>(row.Int(2)),
                 .kind = static_cast<SalesFactKind>(row.Int(3)),
                 .refers = row.Text(4),
                 .order_date = row.Day(5),
                 .move_date = row.Day(6),
                 .counted_order_date = row.Day(7),
                 .counted_move_date = row.Day(8),
                 .product = row.Text(9),
                 .product_line = row.Text(10),
                 .quantity = row.Dec(11),
                 .currency = row.Text(13)};
  if (!row.IsNull(12)) fact.amount = row.Dec(12);
  return fact;
}

void AddValues(const SalesFact& fact, mysql::Values* values) {
  values->insert(values->end(), {fact.partner_id, fact.fact, static_cast<int>(fact.source), static_cast<int>(fact.kind),
                                 fact.refers.empty() ? mysql::Value(std::nullopt) : mysql::Value(fact.refers),
                                 fact.order_date, fact.move_date, fact.counted_order_date, fact.counted_move_date,
                                 fact.product, fact.product_line, fact.quantity, fact.amount, fact.currency});
}

// The stored facts whose `column` (fact or refers) is one of the names. Names of two partners may be alike, so the
// partner is looked at here.
absl::StatusOr<std::vector<SalesFact>> ReadBy(mysql::Transaction& sql, std::string_view column,
                                              const std::set<Name>& names) {
  std::set<std::string> facts, partners;
  for (const auto& [partner, fact] : names) {
    facts.insert(fact);
    partners.insert(partner);
  }
  std::vector<SalesFact> read;
  const auto take = [&](const mysql::Rows& rows) {
    for (const mysql::Row& row : rows) {
      SalesFact fact = FromRow(row);
      if (names.contains({fact.partner_id, column == "fact" ? fact.fact : fact.refers}))
        read.push_back(std::move(fact));
    }
  };
  for (auto at = facts.begin(); at != facts.end();) {
    std::vector<std::string_view> some;
    for (; at != facts.end() && some.size() < kNames; ++at) some.push_back(*at);
    const IdList list(std::move(some));
    if (column == "refers") {
      ASSIGN_OR_RETURN(
          const mysql::Rows rows,
          sql.Query(StrCat("SELECT ", kColumns, " FROM sales_fact WHERE refers IN ", list.sql()), list.values()));
      take(rows);
      continue;
    }
    // By the primary key: a partner at a time.
    for (const std::string& partner : partners) {
      mysql::Values values = {partner};
      values.insert(values.end(), list.values().begin(), list.values().end());
      ASSIGN_OR_RETURN(
          const mysql::Rows rows,
          sql.Query(StrCat("SELECT ", kColumns, " FROM sales_fact WHERE partner_id = ? AND fact IN ", list.sql()),
                    values));
      take(rows);
    }
  }
  return read;
}

// Adds to `facts` what they refer to and what refers to them, however far.
absl::Status ReadRelated(mysql::Transaction& sql, std::vector<SalesFact>* facts) {
  std::set<Name> known;
  for (const SalesFact& fact : *facts) known.emplace(fact.partner_id, fact.fact);
  for (size_t from = 0; from < facts->size();) {
    std::set<Name> above, of;
    for (size_t i = from; i < facts->size(); ++i) {
      const SalesFact& fact = (*facts)[i];
      of.emplace(fact.partner_id, fact.fact);
      if (!fact.refers.empty() && !known.contains({fact.partner_id, fact.refers})) {
        above.emplace(fact.partner_id, fact.refers);
      }
    }
    from = facts->size();
    ASSIGN_OR_RETURN(std::vector<SalesFact> related, ReadBy(sql, "fact", above));
    ASSIGN_OR_RETURN(std::vector<SalesFact> below, ReadBy(sql, "refers", of));
    std::move(below.begin(), below.end(), std::back_inserter(related));
    for (SalesFact& fact : related) {
      if (known.emplace(fact.partner_id, fact.fact).second) facts->push_back(std::move(fact));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status SalesFactStore::Add(mysql::Transaction& sql, std::vector<SalesFact> facts) const {
  std::set<Name> names;
  std::erase_if(facts, [&](const SalesFact& fact) { return !names.emplace(fact.partner_id, fact.fact).second; });
  if (facts.empty()) return absl::OkStatus();
  const size_t fresh = facts.size();
  RETURN_IF_ERROR(ReadRelated(sql, &facts));
  const std::vector<size_t> changed = Place(facts);
  mysql::Values values;
  values.reserve(fresh * kWidth);
  for (size_t i = 0; i < fresh; ++i) AddValues(facts[i], &values);
  RETURN_IF_ERROR(sql.InsertRows(StrCat("INSERT INTO sales_fact (", kColumns, ") VALUES"), kWidth, values,
                                 "ON DUPLICATE KEY UPDATE fact = VALUES(fact)"));
  for (const size_t i : changed) {
    if (i < fresh) continue;
    RETURN_IF_ERROR(
        sql.Execute("UPDATE sales_fact SET counted_order_date = ?, counted_move_date = ? "
                    "WHERE partner_id = ? AND fact = ?",
                    {facts[i].counted_order_date, facts[i].counted_move_date, facts[i].partner_id, facts[i].fact})
            .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<SalesTotal>> SalesFactStore::Totals(mysql::Transaction& sql, const SalesQuery& query) const {
  const std::string_view date = query.by == CountedBy::kOrderDate ? "counted_order_date" : "counted_move_date";
  mysql::Values values = {query.partner_id, static_cast<int>(query.source), query.days.start, query.days.end};
  std::string scope;
  const auto add = [&](std::string_view column, const std::vector<std::string>& names) {
    if (names.empty()) return;
    const IdList list({names.begin(), names.end()});
    StrAppend(&scope, scope.empty() ? "" : " OR ", column, " IN ", list.sql());
    values.insert(values.end(), list.values().begin(), list.values().end());
  };
  add("product_line", query.product_lines);
  add("product", query.products);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT currency, COALESCE(SUM(amount), 0), SUM(quantity), COUNT(*) FROM sales_fact WHERE "
                       "partner_id = ? AND source = ? AND ",
                       date, " >= ? AND ", date, " < ?", scope.empty() ? "" : StrCat(" AND (", scope, ")"),
                       " GROUP BY currency ORDER BY currency"),
                values));
  std::vector<SalesTotal> totals;
  for (const mysql::Row& row : rows) totals.push_back({row.Text(0), row.Dec(1), row.Dec(2), row.Int(3)});
  return totals;
}

}  // namespace tributary::partner
