#include "inventory-service/ledger/ledger_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kSiteColumns = "partner, id, uid, version, create_time, update_time, display_name, region";

Site ReadSite(const mysql::Row& row) {
  return {.partner = row.Text(0),
          .id = row.Text(1),
          .uid = row.Id(2),
          .version = row.Int(3),
          .create_time = row.Instant(4),
          .update_time = row.Instant(5),
          .display_name = row.Text(6),
          .region = row.Text(7)};
}

void AppendSite(const Site& site, mysql::Values* values) {
  values->insert(values->end(), {site.partner, site.id, site.uid, site.version, site.create_time, site.update_time,
                                 site.display_name, site.region});
}

Position ReadPosition(const mysql::Row& row) {
  return {.key = {.partner = row.Text(0), .site = row.Text(1), .product = row.Text(2)},
          .on_hand = row.Dec(3),
          .update_time = row.Instant(4)};
}

// "WHERE" and what every list has: the keyset (a condition over `key_values`), the partner where there is one, the
// filter.
std::string ListWhere(std::string_view keyset, mysql::Values key_values, std::string_view partner,
                      const SqlPredicate& filter, mysql::Values* values) {
  *values = std::move(key_values);
  std::string where = StrCat("WHERE ", keyset);
  if (!partner.empty()) {
    where += " AND partner = ?";
    values->push_back(partner);
  }
  StrAppend(&where, " AND (", filter.sql(), ")");
  values->insert(values->end(), filter.values().begin(), filter.values().end());
  return where;
}

}  // namespace

const std::vector<FilterField>& LedgerStore::SiteFields() {
  static const auto& fields =
      *new std::vector<FilterField>{FilterField::String("region", "CONCAT('regions/', NULLIF(region, ''))")};
  return fields;
}

const std::vector<FilterField>& LedgerStore::PositionFields() {
  static const auto& fields =
      *new std::vector<FilterField>{FilterField::String("site", "CONCAT('partners/', partner, '/sites/', site)"),
                                    FilterField::String("product", "CONCAT('products/', product)")};
  return fields;
}

const std::vector<FilterField>& LedgerStore::PostingFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::String("product", "CONCAT('products/', product)"),
      FilterField::Day("effective_date", "effective_date"), FilterField::String("cause", "cause")};
  return fields;
}

absl::Status LedgerStore::InsertSite(mysql::Transaction& sql, const Site& site) const {
  mysql::Values values;
  AppendSite(site, &values);
  ASSIGN_OR_RETURN(
      const bool fresh,
      sql.TryInsert(StrCat("INSERT INTO site (", kSiteColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)"), values));
  return fresh ? absl::OkStatus() : AlreadyExists(StrCat("partners/", site.partner, "/sites/", site.id));
}

absl::Status LedgerStore::EnsureSites(mysql::Transaction& sql, absl::Span<const Site> sites) const {
  mysql::Values values;
  for (const Site& site : sites) AppendSite(site, &values);
  return sql.InsertRows(StrCat("INSERT INTO site (", kSiteColumns, ") VALUES"), 8, values,
                        "ON DUPLICATE KEY UPDATE id = VALUES(id)");
}

absl::StatusOr<Site> LedgerStore::GetSite(mysql::Transaction& sql, std::string_view partner,
                                          std::string_view id) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kSiteColumns, " FROM site WHERE partner = ? AND id = ?"), {partner, id}));
  if (rows.empty()) return NotFound(StrCat("partners/", partner, "/sites/", id));
  return ReadSite(rows.front());
}

absl::StatusOr<std::vector<Site>> LedgerStore::ListSites(mysql::Transaction& sql, std::string_view partner,
                                                         std::string_view after_partner, std::string_view after_id,
                                                         const SqlPredicate& filter, int limit) const {
  mysql::Values values;
  const std::string where = ListWhere("(partner > ? OR (partner = ? AND id > ?))",
                                      {after_partner, after_partner, after_id}, partner, filter, &values);
  values.push_back(limit);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kSiteColumns, " FROM site ", where, " ORDER BY partner, id LIMIT ?"), values));
  std::vector<Site> sites;
  for (const mysql::Row& row : rows) sites.push_back(ReadSite(row));
  return sites;
}

absl::Status LedgerStore::AddToPositions(mysql::Transaction& sql, const std::map<PositionKey, Decimal>& changes,
                                         absl::Time now) const {
  mysql::Values values;
  values.reserve(changes.size() * 5);
  for (const auto& [key, change] : changes) {
    values.insert(values.end(), {key.partner, key.site, key.product, change, now});
  }
  return sql.InsertRows("INSERT INTO stock_position (partner, site, product, on_hand, update_time) VALUES", 5, values,
                        "ON DUPLICATE KEY UPDATE on_hand = on_hand + VALUES(on_hand), "
                        "update_time = GREATEST(update_time, VALUES(update_time))");
}

absl::Status LedgerStore::InsertPostings(mysql::Transaction& sql, absl::Span<const Posting> postings,
                                         absl::Span<const events::Stamp> stamps) const {
  mysql::Values values;
  values.reserve(postings.size() * 11);
  for (size_t i = 0; i < postings.size(); ++i) {
    const Posting& posting = postings[i];
    const events::Stamp& stamp = stamps[i];
    values.insert(values.end(),
                  {posting.partner, posting.product, stamp.cursor.shard, stamp.cursor.seq, 0, posting.from, posting.to,
                   posting.quantity, posting.effective_date, posting.cause, stamp.recorded_at});
  }
  return sql.InsertRows(
      "INSERT INTO stock_posting (partner, product, shard, seq, n, from_place, to_place, quantity, effective_date, "
      "cause, recorded_at) VALUES",
      11, values);
}

absl::StatusOr<Position> LedgerStore::GetPosition(mysql::Transaction& sql, const PositionKey& key) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT partner, site, product, on_hand, update_time FROM stock_position "
                             "WHERE partner = ? AND site = ? AND product = ?",
                             {key.partner, key.site, key.product}));
  if (rows.empty()) return NotFound(StrCat("partners/", key.partner, "/positions/", key.site, ".", key.product));
  return ReadPosition(rows.front());
}

absl::StatusOr<std::vector<Position>> LedgerStore::ListPositions(mysql::Transaction& sql, std::string_view partner,
                                                                 const PositionKey& after, const SqlPredicate& filter,
                                                                 int limit) const {
  mysql::Values values;
  const std::string where =
      ListWhere("(partner > ? OR (partner = ? AND (site > ? OR (site = ? AND product > ?))))",
                {after.partner, after.partner, after.site, after.site, after.product}, partner, filter, &values);
  values.push_back(limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT partner, site, product, on_hand, update_time FROM stock_position ", where,
                                    " ORDER BY partner, site, product LIMIT ?"),
                             values));
  std::vector<Position> positions;
  for (const mysql::Row& row : rows) positions.push_back(ReadPosition(row));
  return positions;
}

absl::StatusOr<std::vector<RecordedPosting>> LedgerStore::ListPostings(mysql::Transaction& sql,
                                                                       std::string_view partner, events::Cursor after,
                                                                       int after_n, const SqlPredicate& filter,
                                                                       int limit) const {
  mysql::Values values;
  const std::string where =
      ListWhere("(shard > ? OR (shard = ? AND (seq > ? OR (seq = ? AND n > ?))))",
                {after.shard, after.shard, after.seq, after.seq, after_n}, partner, filter, &values);
  values.push_back(limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT partner, product, shard, seq, n, from_place, to_place, quantity, "
                                    "effective_date, cause, recorded_at FROM stock_posting ",
                                    where, " ORDER BY shard, seq, n LIMIT ?"),
                             values));
  std::vector<RecordedPosting> postings;
  for (const mysql::Row& row : rows) {
    postings.push_back({.posting = {.partner = row.Text(0),
                                    .product = row.Text(1),
                                    .from = row.Text(5),
                                    .to = row.Text(6),
                                    .quantity = row.Dec(7),
                                    .effective_date = row.Day(8),
                                    .cause = row.Text(9)},
                        .cursor = {.shard = static_cast<int>(row.Int(2)), .seq = row.Int(3)},
                        .n = static_cast<int>(row.Int(4)),
                        .recorded_at = row.Instant(10)});
  }
  return postings;
}

absl::StatusOr<Balance> LedgerStore::ReadBalance(mysql::Transaction& sql) const {
  // Each place of each product: what its position says beside what its postings sum to. Boundaries have no position.
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT CAST(COALESCE(SUM(postings), 0) AS SIGNED), CAST(COALESCE(SUM(positions), 0) AS SIGNED), "
                "CAST(COALESCE(SUM(place NOT IN ('@vendor', '@customer') AND on_hand <> posted), 0) AS SIGNED), "
                "COALESCE(SUM(on_hand), 0), COALESCE(SUM(CASE WHEN place = '@vendor' THEN -posted ELSE 0 END), 0), "
                "COALESCE(SUM(CASE WHEN place = '@customer' THEN posted ELSE 0 END), 0) FROM ("
                "SELECT partner, place, product, SUM(on_hand) AS on_hand, SUM(posted) AS posted, "
                "SUM(positions) AS positions, SUM(postings) AS postings FROM ("
                "SELECT partner, site AS place, product, on_hand, 0 AS posted, 1 AS positions, 0 AS postings "
                "FROM stock_position "
                "UNION ALL SELECT partner, to_place, product, 0, quantity, 0, 1 FROM stock_posting "
                "UNION ALL SELECT partner, from_place, product, 0, -quantity, 0, 0 FROM stock_posting"
                ") movements GROUP BY partner, place, product) places"));
  const mysql::Row& row = rows.at(0);
  return Balance{.postings = row.Int(0),
                 .positions = row.Int(1),
                 .differing_positions = row.Int(2),
                 .partner_units = row.Dec(3),
                 .vendor_units = row.Dec(4),
                 .customer_units = row.Dec(5)};
}

}  // namespace tributary::inventory
