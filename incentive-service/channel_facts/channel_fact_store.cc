#include "incentive-service/channel_facts/channel_fact_store.h"

#include <deque>
#include <map>
#include <set>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/channel_facts/channel_fact_proto.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns = "partner, fact, kind, product, reverses, refers, fact_date, quantity, customer";
constexpr size_t kWidth = 9;

// Of names in one IN list.
constexpr size_t kNames = 200;

using Key = std::pair<std::string, std::string>;  // partner, fact
using ByKey = std::map<Key, ChannelFact>;

ChannelFact FromRow(const mysql::Row& row) {
  return {.partner = row.Text(0),
          .fact = row.Text(1),
          .kind = static_cast<ChannelFactKind>(row.Int(2)),
          .product = row.Text(3),
          .reverses = row.Text(4),
          .refers = row.Text(5),
          .date = row.Day(6),
          .quantity = row.Dec(7),
          .customer = row.Text(8)};
}

mysql::Values ToValues(const ByKey& facts) {
  mysql::Values values;
  values.reserve(facts.size() * kWidth);
  for (const auto& [key, fact] : facts) {
    values.insert(values.end(), {fact.partner, fact.fact, static_cast<int>(fact.kind), fact.product, fact.reverses,
                                 fact.refers, fact.date, fact.quantity, fact.customer});
  }
  return values;
}

// Each once. ROW_CONFLICT where one is told twice, and not the same.
absl::Status Put(ChannelFact fact, ByKey* facts) {
  const auto [known, fresh] = facts->try_emplace({fact.partner, fact.fact}, fact);
  if (fresh || known->second == fact) return absl::OkStatus();
  return Error(Reason::kRowConflict, StrCat(fact.name(), " is known with other content"), {{"resource", fact.name()}});
}

// Takes those away that the database holds already.
absl::Status DropKnown(mysql::Transaction& sql, ByKey* facts) {
  for (auto at = facts->begin(); at != facts->end();) {
    const std::string& partner = at->first.first;
    mysql::Values values = {partner};
    std::string marks;
    for (auto next = at; next != facts->end() && next->first.first == partner && values.size() <= kNames; at = ++next) {
      marks += marks.empty() ? "?" : ", ?";
      values.push_back(next->first.second);
    }
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT ", kColumns, " FROM channel_fact WHERE partner = ? AND fact IN (", marks, ")"),
                  values));
    for (const mysql::Row& row : rows) {
      ChannelFact known = FromRow(row);
      const Key key(known.partner, known.fact);
      RETURN_IF_ERROR(Put(std::move(known), facts));
      facts->erase(key);
    }
  }
  return absl::OkStatus();
}

// A line of a shipment, as the query of Read has it.
ShippedLine LineFrom(const mysql::Row& row) {
  return {.line = LineWithoutGeneration(row.Bytes(1)),
          .ship_date = row.Day(6),
          .quantity = row.Dec(7),
          .net = row.Dec(9),
          .currency = row.Text(10),
          .returns = LineWithoutGeneration(row.Bytes(5))};
}

}  // namespace

absl::Status ChannelFactStore::Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch) const {
  std::vector<ChannelFact> facts;
  for (const events::Event& event : batch) {
    ASSIGN_OR_RETURN(std::vector<ChannelFact> told, ChannelFactsOf(event));
    for (ChannelFact& fact : told) facts.push_back(std::move(fact));
  }
  return Add(sql, std::move(facts));
}

absl::Status ChannelFactStore::Add(mysql::Transaction& sql, std::vector<ChannelFact> facts) const {
  ByKey distinct;
  for (ChannelFact& fact : facts) RETURN_IF_ERROR(Put(std::move(fact), &distinct));
  if (distinct.empty()) return absl::OkStatus();
  const std::string head = StrCat("INSERT INTO channel_fact (", kColumns, ") VALUES");
  ASSIGN_OR_RETURN(const bool all_new, sql.TryInsertRows(head, kWidth, ToValues(distinct)));
  if (all_new) return absl::OkStatus();
  RETURN_IF_ERROR(DropKnown(sql, &distinct));
  if (distinct.empty()) return absl::OkStatus();
  return sql.InsertRows(head, kWidth, ToValues(distinct));
}

absl::StatusOr<StockBook> ChannelFactStore::Read(mysql::Transaction& sql, std::string_view partner,
                                                 std::string_view product) const {
  // One statement, so that lines and receipts are seen as of one moment.
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT partner, fact, 0, product, '', COALESCE(refers, ''), ship_date, quantity, '', net_amount, "
                "currency FROM fact_line WHERE partner = ? AND fact LIKE 'shipments/%' AND product = ? AND kind <> 3 "
                "AND reversed_seq IS NULL UNION ALL "
                "SELECT partner, fact, kind, product, reverses, refers, fact_date, quantity, customer, quantity, '' "
                "FROM channel_fact WHERE partner = ? AND product = ?",
                {partner, product, partner, product}));
  std::vector<ShippedLine> lines;
  std::vector<ChannelFact> facts;
  for (const mysql::Row& row : rows) {
    if (row.Int(2) == 0) {
      lines.push_back(LineFrom(row));
    } else {
      facts.push_back(FromRow(row));
    }
  }
  return BookOf(lines, facts);
}

absl::StatusOr<ChannelFactStore::SoldParts> ChannelFactStore::PartsOf(mysql::Transaction& sql, std::string_view partner,
                                                                      const std::set<std::string>& sales) const {
  SoldParts parts;
  constexpr size_t kSales = 500;  // in one statement
  for (auto sale = sales.begin(); sale != sales.end();) {
    mysql::Values values = {partner};
    std::deque<std::string> texts;  // what the values point to; never moves its elements
    std::string ranges;
    for (size_t i = 0; i < kSales && sale != sales.end(); ++i, ++sale) {
      // All names that begin with "{sale}/parts/": '0' is the next character.
      ranges += ranges.empty() ? "(fact > ? AND fact < ?)" : " OR (fact > ? AND fact < ?)";
      values.push_back(texts.emplace_back(StrCat(*sale, "/parts/")));
      values.push_back(texts.emplace_back(StrCat(*sale, "/parts0")));
    }
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT product, fact FROM channel_fact WHERE partner = ? AND (", ranges, ") ORDER BY fact"),
                  values));
    for (const mysql::Row& row : rows) {
      const std::string fact = row.Text(1);
      parts[fact.substr(0, fact.rfind("/parts/"))].push_back({row.Text(0), fact});
    }
  }
  return parts;
}

absl::StatusOr<std::vector<std::string>> ChannelFactStore::Partners(mysql::Transaction& sql) const {
  // Each from its key's first column, which an optimizer reads by jumps.
  std::set<std::string> partners;
  for (const char* table : {"fact_line", "channel_fact"}) {
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT DISTINCT partner FROM ", table)));
    for (const mysql::Row& row : rows) partners.insert(row.Text(0));
  }
  return std::vector<std::string>(partners.begin(), partners.end());
}

}  // namespace tributary::incentive
