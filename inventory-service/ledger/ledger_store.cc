#include "inventory-service/ledger/ledger_store.h"

#include <algorithm>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/in_list.h"
#include "inventory-service/ledger/posting_rows.h"

namespace tributary::inventory {
namespace {

Position ReadPosition(const mysql::Row& row) {
  Position position{.key = {.partner = row.Text(0), .site = row.Text(1), .product = row.Text(2), .lot = row.Text(3)},
                    .update_time = row.Instant(4)};
  if (!row.IsNull(5)) position.stale_since = row.Day(5);
  size_t column = 6;
  for (const Bucket bucket : kBuckets) position.units.emplace(bucket, row.Dec(column++));
  return position;
}

// Since when the positions at one site are stale: by the site's own row, else by that of all others (site '').
constexpr std::string_view kStaleSince = "CASE WHEN own.site IS NULL THEN other.stale_since ELSE own.stale_since END";
constexpr std::string_view kStaleSites =
    "LEFT JOIN stale_site own ON own.partner = ? AND own.site = ? "
    "LEFT JOIN stale_site other ON other.partner = ? AND other.site = ''";

// The same of many sites. What of the past was stale is not kept.
std::string StaleSinceColumn(const AsOf& as_of) {
  if (!as_of.now()) return "NULL";
  return "(SELECT stale_since FROM stale_site WHERE stale_site.partner = stock_position.partner AND stale_site.site IN "
         "('', stock_position.site) ORDER BY stale_site.site DESC LIMIT 1)";
}

std::string UnitsColumns() {
  std::string columns;
  for (const Bucket bucket : kBuckets) {
    StrAppend(&columns, ", SUM(CASE bucket WHEN ", static_cast<int>(bucket), " THEN quantity ELSE 0 END)");
  }
  return columns;
}

// What follows a place's site in SQL, for each bucket.
std::string BucketOfPlace() {
  std::string text = "CASE SUBSTRING(place, LENGTH(SUBSTRING_INDEX(place, '/', 1)) + 2)";
  for (const Bucket bucket : kBuckets) {
    if (bucket != Bucket::kOnHand) StrAppend(&text, " WHEN '", NameOf(bucket), "' THEN ", static_cast<int>(bucket));
  }
  return StrCat(text, " ELSE ", static_cast<int>(Bucket::kOnHand), " END");
}

// Rows like those of stock_position: the positions now, or what the postings of a moment sum to. `partner` and
// `product` narrow what is read where they are not empty.
std::string PositionsOf(const AsOf& as_of, std::string_view partner, std::string_view product, mysql::Values* values) {
  if (as_of.now()) return "stock_position";
  const auto side = [&](std::string_view place, std::string_view sign) {
    std::string text = StrCat("SELECT partner, product, lot, ", place, " AS place, ", sign,
                              "quantity AS quantity, recorded_at FROM stock_posting WHERE ", place, " NOT LIKE '@%'");
    const auto add = [&](std::string_view condition, mysql::Value value) {
      StrAppend(&text, " AND ", condition, " ?");
      values->push_back(value);
    };
    if (!partner.empty()) add("partner =", partner);
    if (!product.empty()) add("product =", product);
    if (as_of.date.has_value()) add("effective_date <=", *as_of.date);
    if (as_of.known.has_value()) add("recorded_at <=", *as_of.known);
    return text;
  };
  const std::string to = side("to_place", "");
  const std::string from = side("from_place", "-");
  return StrCat("(SELECT partner, SUBSTRING_INDEX(place, '/', 1) AS site, product, lot, ", BucketOfPlace(),
                " AS bucket, quantity, recorded_at AS update_time FROM (", to, " UNION ALL ", from,
                ") moved) positions");
}

constexpr std::string_view kPostingColumns =
    "partner, product, shard, seq, n, lot, from_place, to_place, quantity, effective_date, cause, recorded_at, "
    "CASE n WHEN 0 THEN (SELECT because FROM count_correction WHERE count_correction.shard = stock_posting.shard AND "
    "count_correction.seq = stock_posting.seq) END";

RecordedPosting ReadPosting(const mysql::Row& row) {
  return {.posting = {.partner = row.Text(0),
                      .product = row.Text(1),
                      .lot = row.Text(5),
                      .from = row.Text(6),
                      .to = row.Text(7),
                      .quantity = row.Dec(8),
                      .effective_date = row.Day(9),
                      .cause = row.Text(10),
                      .because = row.Text(12),
                      .n = static_cast<int>(row.Int(4))},
          .cursor = {.shard = static_cast<int>(row.Int(2)), .seq = row.Int(3)},
          .recorded_at = row.Instant(11)};
}

// `tail`: everything behind FROM stock_posting.
absl::StatusOr<std::vector<RecordedPosting>> SelectPostings(mysql::Transaction& sql, std::string_view tail,
                                                            const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kPostingColumns, " FROM stock_posting ", tail), values));
  std::vector<RecordedPosting> postings;
  postings.reserve(rows.size());
  for (const mysql::Row& row : rows) postings.push_back(ReadPosting(row));
  return postings;
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

const std::vector<FilterField>& LedgerStore::PositionFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::String("site", "CONCAT('partners/', partner, '/sites/', site)"),
      FilterField::String("product", "CONCAT('products/', product)"), FilterField::String("lot", "lot")};
  return fields;
}

const std::vector<FilterField>& LedgerStore::PostingFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::String("product", "CONCAT('products/', product)"), FilterField::String("lot", "lot"),
      FilterField::Day("effective_date", "effective_date"), FilterField::String("cause", "cause")};
  return fields;
}

absl::Status LedgerStore::AddToPositions(mysql::Transaction& sql, const std::map<BucketKey, Decimal>& changes,
                                         absl::Time now) const {
  mysql::Values values;
  values.reserve(changes.size() * 7);
  for (const auto& [key, change] : changes) {
    const PositionKey& position = key.position;
    values.insert(values.end(), {position.partner, position.site, position.product, position.lot,
                                 static_cast<int>(key.bucket), change, now});
  }
  return sql.InsertRows(
      "INSERT INTO stock_position (partner, site, product, lot, bucket, quantity, update_time) VALUES", 7, values,
      "ON DUPLICATE KEY UPDATE quantity = quantity + VALUES(quantity), "
      "update_time = GREATEST(update_time, VALUES(update_time))");
}

absl::Status LedgerStore::InsertPostings(mysql::Transaction& sql, absl::Span<const Posting> postings,
                                         absl::Span<const events::Stamp> stamps) const {
  return PostingRows(postings).Insert(sql, stamps);
}

absl::StatusOr<std::map<BucketKey, Decimal>> LedgerStore::LockUnits(mysql::Transaction& sql,
                                                                    const std::vector<BucketKey>& keys) const {
  std::map<BucketKey, Decimal> units;
  for (const BucketKey& key : keys) units.emplace(key, Decimal());
  // One by one, in the order of the keys: a list would be read in the order that the server likes.
  for (auto& [key, found] : units) {
    const PositionKey& position = key.position;
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query("SELECT quantity FROM stock_position WHERE partner = ? AND site = ? AND product = ? "
                  "AND lot = ? AND bucket = ? FOR UPDATE",
                  {position.partner, position.site, position.product, position.lot, static_cast<int>(key.bucket)}));
    if (!rows.empty()) found = rows.front().Dec(0);
  }
  return units;
}

absl::StatusOr<Position> LedgerStore::GetPosition(mysql::Transaction& sql, const PositionKey& key,
                                                  const AsOf& as_of) const {
  mysql::Values values;
  std::string source, columns;
  if (as_of.now()) {
    source = StrCat("stock_position positions ", kStaleSites);
    columns = StrCat("quantity, update_time, ", kStaleSince);
    values = {key.partner, key.site, key.partner};
  } else {
    source = PositionsOf(as_of, key.partner, key.product, &values);
    columns = "SUM(quantity), MAX(update_time), NULL";
  }
  values.insert(values.end(), {key.partner, key.site, key.product});
  if (!key.lot.empty()) values.push_back(key.lot);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT bucket, ", columns, " FROM ", source,
                                    " WHERE positions.partner = ? AND positions.site = ? AND product = ?",
                                    key.lot.empty() ? "" : " AND lot = ?", as_of.now() ? "" : " GROUP BY bucket"),
                             values));
  if (rows.empty()) return NotFound(StrCat("partners/", key.partner, "/positions/", PositionSegment(key)));
  Position position{.key = key};
  for (const mysql::Row& row : rows) {
    position.units[static_cast<Bucket>(row.Int(0))] += row.Dec(1);
    position.update_time = std::max(position.update_time, row.Instant(2));
    if (!row.IsNull(3)) position.stale_since = row.Day(3);
  }
  return position;
}

absl::StatusOr<std::vector<Position>> LedgerStore::ListPositions(mysql::Transaction& sql, std::string_view partner,
                                                                 const PositionKey& after, const SqlPredicate& filter,
                                                                 int limit, const AsOf& as_of) const {
  mysql::Values values;
  const std::string source = PositionsOf(as_of, partner, "", &values);
  mysql::Values where_values;
  const std::string where = ListWhere(
      "(partner > ? OR (partner = ? AND (site > ? OR (site = ? AND (product > ? OR (product = ? AND lot > ?))))))",
      {after.partner, after.partner, after.site, after.site, after.product, after.product, after.lot}, partner, filter,
      &where_values);
  values.insert(values.end(), where_values.begin(), where_values.end());
  values.push_back(limit);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT partner, site, product, lot, MAX(update_time), ", StaleSinceColumn(as_of),
                       UnitsColumns(), " FROM ", source, " ", where,
                       " GROUP BY partner, site, product, lot ORDER BY partner, site, product, lot LIMIT ?"),
                values));
  std::vector<Position> positions;
  for (const mysql::Row& row : rows) positions.push_back(ReadPosition(row));
  return positions;
}

absl::StatusOr<std::vector<Position>> LedgerStore::ReadPositions(mysql::Transaction& sql,
                                                                 const std::vector<PositionKey>& keys) const {
  constexpr size_t kKeysAtOnce = 100;
  std::vector<Position> positions;
  for (size_t at = 0; at < keys.size(); at += kKeysAtOnce) {
    const size_t count = std::min(kKeysAtOnce, keys.size() - at);
    // Every place is filled, the last key standing in those that are left over, so that the statement stays prepared.
    std::string where;
    mysql::Values values;
    for (size_t i = 0; i < kKeysAtOnce; ++i) {
      const PositionKey& key = keys[at + std::min(i, count - 1)];
      where += i == 0 ? "(?, ?, ?, ?)" : ", (?, ?, ?, ?)";
      values.insert(values.end(), {key.partner, key.site, key.product, key.lot});
    }
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT partner, site, product, lot, MAX(update_time), ", StaleSinceColumn({}),
                                      UnitsColumns(), " FROM stock_position WHERE (partner, site, product, lot) IN (",
                                      where, ") GROUP BY partner, site, product, lot"),
                               values));
    for (const mysql::Row& row : rows) positions.push_back(ReadPosition(row));
  }
  return positions;
}

absl::Status LedgerStore::AddTouched(mysql::Transaction& sql, const events::ShardRange& range,
                                     const PositionKey& narrowed, std::set<PositionKey>* touched) const {
  mysql::Values values = {range.shard, range.after, range.upto};
  std::string where = "WHERE shard = ? AND seq > ? AND seq <= ?";
  const auto narrow = [&](std::string_view column, const std::string& value) {
    if (value.empty()) return;
    StrAppend(&where, " AND ", column, " = ?");
    values.push_back(value);
  };
  narrow("partner", narrowed.partner);
  narrow("product", narrowed.product);
  narrow("lot", narrowed.lot);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT DISTINCT partner, product, lot, from_place, to_place FROM stock_posting ", where),
                values));
  for (const mysql::Row& row : rows) {
    for (const size_t place : {size_t{3}, size_t{4}}) {
      if (!IsSite(row.Bytes(place))) continue;
      touched->insert({.partner = row.Text(0),
                       .site = std::string(SiteOf(row.Bytes(place))),
                       .product = row.Text(1),
                       .lot = row.Text(2)});
    }
  }
  return absl::OkStatus();
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
  return SelectPostings(sql, StrCat(where, " ORDER BY shard, seq, n LIMIT ?"), values);
}

absl::StatusOr<std::vector<RecordedPosting>> LedgerStore::PostingsOf(mysql::Transaction& sql, std::string_view partner,
                                                                     std::string_view product,
                                                                     std::optional<std::string_view> lot) const {
  mysql::Values values = {partner, product};
  if (lot.has_value()) values.push_back(*lot);
  return SelectPostings(sql, StrCat("WHERE partner = ? AND product = ?", lot.has_value() ? " AND lot = ?" : ""),
                        values);
}

absl::StatusOr<std::vector<RecordedPosting>> LedgerStore::WayOfLots(
    mysql::Transaction& sql, const std::set<std::string>& partners, std::string_view product,
    const std::vector<std::string_view>& lots, const std::optional<WayKey>& after, int limit) const {
  mysql::Values values;
  std::string where =
      StrCat("WHERE partner IN ", InList({partners.begin(), partners.end()}, &values), " AND product = ?");
  values.push_back(product);
  StrAppend(&where, " AND lot IN ", InList(lots, &values));
  if (after.has_value()) {
    where += " AND (effective_date, cause, n, shard, seq) > (?, ?, ?, ?, ?)";
    values.insert(values.end(), {after->day, after->cause, after->n, after->cursor.shard, after->cursor.seq});
  }
  values.push_back(limit);
  return SelectPostings(sql, StrCat(where, " ORDER BY effective_date, cause, n, shard, seq LIMIT ?"), values);
}

absl::StatusOr<std::vector<RecordedPosting>> LedgerStore::PostingsOn(mysql::Transaction& sql, std::string_view partner,
                                                                     std::string_view product, Date day) const {
  return SelectPostings(sql, "WHERE partner = ? AND product = ? AND effective_date = ?", {partner, product, day});
}

absl::StatusOr<std::vector<RecordedPosting>> LedgerStore::PostingsIn(mysql::Transaction& sql,
                                                                     const events::ShardRange& range) const {
  return SelectPostings(sql, "WHERE shard = ? AND seq > ? AND seq <= ?", {range.shard, range.after, range.upto});
}

absl::StatusOr<bool> LedgerStore::HasPostings(mysql::Transaction& sql, std::string_view product) const {
  // The key begins with the partner: a dive for each, which spares the hot table a key by product.
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT 1 FROM (SELECT DISTINCT partner FROM stock_posting) AS posted WHERE EXISTS "
                             "(SELECT 1 FROM stock_posting s WHERE s.partner = posted.partner AND s.product = ?) "
                             "LIMIT 1",
                             {product}));
  return !rows.empty();
}

absl::StatusOr<std::vector<RecordedPosting>> LedgerStore::OwnEvents(mysql::Transaction& sql,
                                                                    const events::ShardRange& range) const {
  return SelectPostings(sql, "WHERE shard = ? AND seq > ? AND seq <= ? AND n = 0",
                        {range.shard, range.after, range.upto});
}

absl::StatusOr<Balance> LedgerStore::ReadBalance(mysql::Transaction& sql) const {
  // Partners in portions, so that no statement's time grows with the whole ledger.
  constexpr size_t kPartners = 100;
  ASSIGN_OR_RETURN(const mysql::Rows partners,
                   sql.Query("SELECT DISTINCT partner FROM stock_posting UNION SELECT DISTINCT partner FROM "
                             "stock_position ORDER BY partner"));
  Balance balance;
  for (size_t first = 0; first < partners.size(); first += kPartners) {
    const std::string from = partners[first].Text(0),
                      to = partners[std::min(first + kPartners, partners.size()) - 1].Text(0);
    ASSIGN_OR_RETURN(const mysql::Rows moved,
                     sql.Query("SELECT partner, product, lot, from_place, to_place, SUM(quantity), COUNT(*) FROM "
                               "stock_posting WHERE partner BETWEEN ? AND ? "
                               "GROUP BY partner, product, lot, from_place, to_place",
                               {from, to}));
    std::map<BucketKey, Decimal> posted;
    for (const mysql::Row& row : moved) {
      const Decimal quantity = row.Dec(5);
      balance.postings += row.Int(6);
      for (const auto& [place, units] : {std::pair(row.Text(3), -quantity), std::pair(row.Text(4), quantity)}) {
        if (IsSite(place)) {
          posted[{{row.Text(0), std::string(SiteOf(place)), row.Text(1), row.Text(2)}, BucketOf(place)}] += units;
        } else if (place == kVendor) {
          balance.vendor_units -= units;
        } else if (place == kCustomer) {
          balance.customer_units += units;
        } else if (place == kTransfer) {
          balance.between += units;
        } else {
          balance.written_off += units;
        }
      }
    }
    ASSIGN_OR_RETURN(const mysql::Rows positions,
                     sql.Query("SELECT partner, site, product, lot, bucket, quantity FROM stock_position "
                               "WHERE partner BETWEEN ? AND ?",
                               {from, to}));
    for (const mysql::Row& row : positions) {
      const Decimal quantity = row.Dec(5);
      ++balance.positions;
      balance.partner_units += quantity;
      const auto sum =
          posted.extract({{row.Text(0), row.Text(1), row.Text(2), row.Text(3)}, static_cast<Bucket>(row.Int(4))});
      if (quantity != (sum.empty() ? Decimal() : sum.mapped())) ++balance.differing_positions;
    }
    for (const auto& [key, units] : posted) {
      if (!units.zero()) ++balance.differing_positions;  // posted to, and no position
    }
  }
  return balance;
}

}  // namespace tributary::inventory
