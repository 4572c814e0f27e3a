#include "conflict-service/prices/price_rule_store.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kRuleColumns =
    "name, version, latest, uid, create_time, update_time, product, regions, currency, floor_price, advertised_price, "
    "effective_from, effective_to, exceptions, bands, follow_days, tax_included";

std::string SelectRules(std::string_view where) {
  return StrCat("SELECT ", kRuleColumns, " FROM price_rule WHERE ", where);
}

// "2026-06-18 2026-06-21 85 SUMMER" a line; codes hold no spaces.
std::string WriteExceptions(const std::vector<PriceException>& exceptions) {
  std::vector<std::string> lines;
  for (const PriceException& one : exceptions) {
    lines.push_back(
        StrCat(one.days.start.ToString(), " ", one.days.end.ToString(), " ", one.price.ToString(), " ", one.promotion));
  }
  return JoinLines(lines);
}

absl::StatusOr<std::vector<PriceException>> ReadExceptions(std::string_view lines) {
  std::vector<PriceException> exceptions;
  for (const std::string& line : SplitLines(lines)) {
    const std::vector<std::string> parts = absl::StrSplit(line, ' ');
    if (parts.size() != 4) return InvalidField("exceptions", line, "four words");
    PriceException one{.promotion = parts[3], .days = {}, .price = {}};
    ASSIGN_OR_RETURN(one.days.start, Date::Parse(parts[0]));
    ASSIGN_OR_RETURN(one.days.end, Date::Parse(parts[1]));
    ASSIGN_OR_RETURN(one.price, Decimal::Parse(parts[2]));
    exceptions.push_back(std::move(one));
  }
  return exceptions;
}

// "500 2" a line: basis points and severity.
std::string WriteBands(const std::vector<DepthBand>& bands) {
  std::vector<std::string> lines;
  for (const DepthBand& band : bands) {
    lines.push_back(StrCat(band.from_basis_points, " ", static_cast<int>(band.severity)));
  }
  return JoinLines(lines);
}

absl::StatusOr<std::vector<DepthBand>> ReadBands(std::string_view lines) {
  std::vector<DepthBand> bands;
  for (const std::string& line : SplitLines(lines)) {
    const std::vector<std::string> parts = absl::StrSplit(line, ' ');
    int32_t from = 0, severity = 0;
    if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &from) || !absl::SimpleAtoi(parts[1], &severity)) {
      return InvalidField("bands", line, "two numbers");
    }
    bands.push_back({from, static_cast<Severity>(severity)});
  }
  return bands;
}

absl::StatusOr<PriceRule> RuleFrom(const mysql::Row& row) {
  PriceRule rule{.name = row.Text(0),
                 .version = row.Int(1),
                 .uid = row.Id(3),
                 .create_time = row.Instant(4),
                 .update_time = row.Instant(5),
                 .product = row.Text(6),
                 .regions = SplitLines(row.Bytes(7)),
                 .currency = row.Text(8),
                 .days = {row.Day(11), row.Day(12)},
                 .tax_included = row.Bool(16),
                 .follow_days = static_cast<int32_t>(row.Int(15))};
  if (!row.IsNull(9)) rule.floor = row.Dec(9);
  if (!row.IsNull(10)) rule.advertised = row.Dec(10);
  ASSIGN_OR_RETURN(rule.exceptions, ReadExceptions(row.Bytes(13)));
  ASSIGN_OR_RETURN(rule.bands, ReadBands(row.Bytes(14)));
  return rule;
}

absl::StatusOr<std::vector<PriceRule>> RulesFrom(const mysql::Rows& rows) {
  std::vector<PriceRule> rules;
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(PriceRule rule, RuleFrom(row));
    rules.push_back(std::move(rule));
  }
  return rules;
}

absl::StatusOr<bool> InsertRule(mysql::Transaction& sql, const PriceRule& rule) {
  const std::string regions = JoinLines(rule.regions);
  const std::string exceptions = WriteExceptions(rule.exceptions);
  const std::string bands = WriteBands(rule.bands);
  return sql.TryInsert(
      StrCat("INSERT INTO price_rule (", kRuleColumns, ") VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      {rule.name, rule.version, rule.uid, rule.create_time, rule.update_time, rule.product, regions, rule.currency,
       mysql::Value(rule.floor), mysql::Value(rule.advertised), rule.days.start, rule.days.end, exceptions, bands,
       rule.follow_days, rule.tax_included});
}

}  // namespace

absl::Status PriceRuleStore::Create(mysql::Transaction& sql, const PriceRule& rule) const {
  ASSIGN_OR_RETURN(const bool made, InsertRule(sql, rule));
  return made ? absl::OkStatus() : AlreadyExists(rule.name);
}

absl::Status PriceRuleStore::Add(mysql::Transaction& sql, const PriceRule& rule) const {
  RETURN_IF_ERROR(
      sql.Execute("UPDATE price_rule SET latest = 0 WHERE name = ? AND version = ?", {rule.name, rule.version - 1})
          .status());
  ASSIGN_OR_RETURN(const bool made, InsertRule(sql, rule));
  return made ? absl::OkStatus() : AlreadyExists(StrCat(rule.name, " version ", rule.version));
}

absl::StatusOr<PriceRule> PriceRuleStore::Get(mysql::Transaction& sql, std::string_view name) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(SelectRules("name = ? AND latest = 1"), {name}));
  if (rows.empty()) return NotFound(name);
  return RuleFrom(rows[0]);
}

absl::StatusOr<std::vector<PriceRule>> PriceRuleStore::List(mysql::Transaction& sql, const SqlPredicate& filter,
                                                            std::string_view after, int limit) const {
  mysql::Values values = {after};
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.emplace_back(limit);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(SelectRules(StrCat("name > ? AND latest = 1 AND ", filter.sql(), " ORDER BY name LIMIT ?")), values));
  return RulesFrom(rows);
}

const std::vector<FilterField>& PriceRuleStore::Fields() {
  static const auto* const fields = new std::vector<FilterField>{
      FilterField::String("product", "product"), FilterField::String("currency_code", "currency"),
      FilterField::Day("effective_from", "effective_from"), FilterField::Day("effective_to", "effective_to")};
  return *fields;
}

absl::StatusOr<std::vector<PriceRule>> PriceRuleStore::Of(mysql::Transaction& sql,
                                                          const std::set<std::string>& products) const {
  std::vector<PriceRule> rules;
  RETURN_IF_ERROR(ForNames(products, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(SelectRules(StrCat("latest = 1 AND product IN ", in)), values));
    ASSIGN_OR_RETURN(std::vector<PriceRule> some, RulesFrom(rows));
    for (PriceRule& rule : some) rules.push_back(std::move(rule));
    return absl::OkStatus();
  }));
  return rules;
}

absl::StatusOr<std::vector<PriceRule>> PriceRuleStore::All(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(SelectRules("latest = 1 ORDER BY name")));
  return RulesFrom(rows);
}

absl::StatusOr<std::set<std::string>> PriceRuleStore::Followed(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT DISTINCT product FROM price_rule WHERE latest = 1 AND follow_days > 0"));
  std::set<std::string> products;
  for (const mysql::Row& row : rows) products.insert(row.Text(0));
  return products;
}

absl::StatusOr<std::vector<PriceRule>> PriceRuleStore::Versions(mysql::Transaction& sql, std::string_view name,
                                                                int64_t before, int limit) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(SelectRules("name = ? AND version < ? ORDER BY version DESC LIMIT ?"), {name, before, limit}));
  return RulesFrom(rows);
}

}  // namespace tributary::conflict
