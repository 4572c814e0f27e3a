#include "inventory-service/stock_findings/stock_finding_store.h"

#include <deque>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/in_list.h"
#include "inventory-service/facts/page_of.h"
#include "inventory-service/facts/serials.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kColumns =
    "partner, id, uid, version, create_time, update_time, state, rule, product, site, bucket, lot, serial, first_day, "
    "quantity, limit_day, facts, evidence";
constexpr size_t kWidth = 18;

StockFinding Read(const mysql::Row& row) {
  StockFinding finding{.id = row.Text(1),
                       .uid = row.Id(2),
                       .version = row.Int(3),
                       .create_time = row.Instant(4),
                       .update_time = row.Instant(5),
                       .state = static_cast<FindingState>(row.Int(6)),
                       .conclusion = {.subject = {.rule = static_cast<StockRule>(row.Int(7)),
                                                  .partner = row.Text(0),
                                                  .product = row.Text(8),
                                                  .site = row.Text(9),
                                                  .bucket = static_cast<Bucket>(row.Int(10)),
                                                  .lot = row.Text(11),
                                                  .serial = row.Text(12)},
                                      .first_day = row.Day(13),
                                      .quantity = row.Dec(14),
                                      .facts = row.Int(16),
                                      // Names hold no spaces, as serial numbers do not.
                                      .evidence = SerialsFromText(row.Bytes(17))}};
  if (!row.IsNull(15)) finding.conclusion.limit_day = row.Day(15);
  return finding;
}

absl::StatusOr<std::vector<StockFinding>> Select(mysql::Transaction& sql, std::string_view tail,
                                                 const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM stock_finding ", tail), values));
  std::vector<StockFinding> findings;
  for (const mysql::Row& row : rows) findings.push_back(Read(row));
  return findings;
}

absl::StatusOr<std::set<StockKey>> SelectKeys(mysql::Transaction& sql, std::string_view where,
                                              const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT DISTINCT partner, product FROM stock_position WHERE ", where), values));
  std::set<StockKey> keys;
  for (const mysql::Row& row : rows) keys.emplace(row.Text(0), row.Text(1));
  return keys;
}

}  // namespace

absl::Status StockFindingStore::AddDays(mysql::Transaction& sql,
                                        const std::map<std::pair<BucketKey, Date>, Decimal>& changes) const {
  mysql::Values values;
  for (const auto& [key, change] : changes) {
    const PositionKey& position = key.first.position;
    values.insert(values.end(), {position.partner, position.product, position.site, static_cast<int>(key.first.bucket),
                                 position.lot, key.second, change});
  }
  return sql.InsertRows("INSERT INTO stock_day (partner, product, site, bucket, lot, effective_date, quantity) VALUES",
                        7, values, "ON DUPLICATE KEY UPDATE quantity = quantity + VALUES(quantity)");
}

absl::StatusOr<std::map<BucketKey, std::map<Date, Decimal>>> StockFindingStore::DaysOf(
    mysql::Transaction& sql, std::string_view partner, const std::set<std::string>& products) const {
  mysql::Values values = {partner};
  const std::string list = InList({products.begin(), products.end()}, &values);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT product, site, bucket, lot, effective_date, quantity FROM stock_day "
                                    "WHERE partner = ? AND product IN ",
                                    list),
                             values));
  std::map<BucketKey, std::map<Date, Decimal>> days;
  for (const mysql::Row& row : rows) {
    const BucketKey bucket{{std::string(partner), row.Text(1), row.Text(0), row.Text(3)},
                           static_cast<Bucket>(row.Int(2))};
    days[bucket].emplace(row.Day(4), row.Dec(5));
  }
  return days;
}

absl::StatusOr<std::set<StockKey>> StockFindingStore::WithLot(mysql::Transaction& sql, std::string_view product,
                                                              std::string_view lot) const {
  return SelectKeys(sql, "product = ? AND lot = ?", {product, lot});
}

absl::StatusOr<std::set<StockKey>> StockFindingStore::AtSite(mysql::Transaction& sql, std::string_view partner,
                                                             std::string_view site) const {
  return SelectKeys(sql, "partner = ? AND site = ?", {partner, site});
}

absl::StatusOr<std::map<std::string, SiteLimits>> StockFindingStore::Limits(mysql::Transaction& sql,
                                                                            std::string_view partner) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT id, closed_on, count_tolerance FROM site WHERE partner = ?", {partner}));
  std::map<std::string, SiteLimits> limits;
  for (const mysql::Row& row : rows) {
    SiteLimits& site = limits[row.Text(0)];
    if (!row.IsNull(1)) site.closed_on = row.Day(1);
    site.count_tolerance = row.Dec(2);
  }
  return limits;
}

absl::StatusOr<std::set<std::string>> StockFindingStore::Counted(mysql::Transaction& sql, std::string_view partner,
                                                                 const std::set<std::string>& products) const {
  mysql::Values values = {partner};
  const std::string list = InList({products.begin(), products.end()}, &values);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT DISTINCT product FROM standing_count WHERE partner = ? AND product IN ", list), values));
  std::set<std::string> counted;
  for (const mysql::Row& row : rows) counted.insert(row.Text(0));
  return counted;
}

absl::StatusOr<std::vector<StockFinding>> StockFindingStore::About(mysql::Transaction& sql, std::string_view partner,
                                                                   const std::set<std::string>& products) const {
  mysql::Values values = {partner};
  const std::string list = InList({products.begin(), products.end()}, &values);
  return Select(sql,
                StrCat("WHERE partner = ? AND serial = '' AND rule <> ", static_cast<int>(StockRule::kOutsideTerritory),
                       " AND product IN ", list),
                values);
}

absl::StatusOr<std::vector<StockFinding>> StockFindingStore::AboutTerritory(
    mysql::Transaction& sql, std::string_view partner, const std::set<std::string>& products) const {
  mysql::Values values = {partner, static_cast<int>(StockRule::kOutsideTerritory)};
  std::string where = "WHERE partner = ? AND rule = ?";
  if (!products.empty()) StrAppend(&where, " AND product IN ", InList({products.begin(), products.end()}, &values));
  return Select(sql, where, values);
}

absl::StatusOr<std::vector<StockFinding>> StockFindingStore::AboutSerial(mysql::Transaction& sql,
                                                                         std::string_view product,
                                                                         std::string_view serial) const {
  return Select(sql, "WHERE product = ? AND serial = ?", {product, serial});
}

absl::Status StockFindingStore::Save(mysql::Transaction& sql, const std::vector<FindingChange>& changes) const {
  std::deque<std::string> texts;  // that values look into
  mysql::Values values;
  for (const FindingChange& change : changes) {
    const StockFinding& finding = change.finding;
    const Conclusion& conclusion = finding.conclusion;
    const FindingSubject& subject = conclusion.subject;
    values.insert(
        values.end(),
        {subject.partner, finding.id, finding.uid, finding.version, finding.create_time, finding.update_time,
         static_cast<int>(finding.state), static_cast<int>(subject.rule), subject.product, subject.site,
         static_cast<int>(subject.bucket), subject.lot, subject.serial, conclusion.first_day, conclusion.quantity,
         mysql::Value(conclusion.limit_day), conclusion.facts, texts.emplace_back(SerialsText(conclusion.evidence))});
  }
  return sql.InsertRows(
      StrCat("INSERT INTO stock_finding (", kColumns, ") VALUES"), kWidth, values,
      "ON DUPLICATE KEY UPDATE version = VALUES(version), update_time = VALUES(update_time), state = VALUES(state), "
      "first_day = VALUES(first_day), quantity = VALUES(quantity), limit_day = VALUES(limit_day), "
      "facts = VALUES(facts), evidence = VALUES(evidence)");
}

absl::StatusOr<StockFinding> StockFindingStore::Get(mysql::Transaction& sql, std::string_view partner,
                                                    std::string_view id) const {
  ASSIGN_OR_RETURN(std::vector<StockFinding> found, Select(sql, "WHERE partner = ? AND id = ?", {partner, id}));
  if (found.empty()) return NotFound(StrCat("partners/", partner, "/stockFindings/", id));
  return std::move(found.front());
}

absl::StatusOr<std::vector<StockFinding>> StockFindingStore::List(mysql::Transaction& sql, std::string_view partner,
                                                                  bool withdrawn_too, std::string_view after_partner,
                                                                  std::string_view after_id, const SqlPredicate& filter,
                                                                  int limit) const {
  PageClauses page = PageOf(partner, {{"partner", after_partner}, {"id", after_id}}, filter, limit);
  if (!withdrawn_too) StrAppend(&page.where, " AND state = ", static_cast<int>(FindingState::kOpen));
  return Select(sql, page.sql(), page.values);
}

const std::vector<FilterField>& StockFindingStore::Fields() {
  static const auto* const fields = [] {
    std::vector<FilterField::EnumName> rules, states;
    for (const StockRule rule : kStockRules) rules.push_back({std::string(NameOf(rule)), static_cast<int64_t>(rule)});
    for (const FindingState state : {FindingState::kOpen, FindingState::kWithdrawn}) {
      states.push_back({std::string(NameOf(state)), static_cast<int64_t>(state)});
    }
    return new std::vector<FilterField>{FilterField::Enum("rule", "rule", rules),
                                        FilterField::Enum("state", "state", states),
                                        FilterField::String("product", "CONCAT('products/', product)"),
                                        FilterField::String("lot", "lot"),
                                        FilterField::String("serial", "serial"),
                                        FilterField::Day("first_day", "first_day")};
  }();
  return *fields;
}

}  // namespace tributary::inventory
