#include "inventory-service/counts/count_store.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/in_list.h"
#include "inventory-service/facts/page_of.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kColumns =
    "partner, id, uid, version, create_time, update_time, state, site, boundary, count_date, blind, complete, "
    "submitter, "
    "approver";

StockCount Read(const mysql::Row& row) {
  return {.partner = row.Text(0),
          .id = row.Text(1),
          .uid = row.Id(2),
          .version = row.Int(3),
          .create_time = row.Instant(4),
          .update_time = row.Instant(5),
          .state = static_cast<CountState>(row.Int(6)),
          .site = row.Text(7),
          .boundary = static_cast<CountBoundary>(row.Int(8)),
          .date = row.Day(9),
          .blind = row.Bool(10),
          .complete = row.Bool(11),
          .submitter = row.Text(12),
          .approver = row.Text(13)};
}

// 0 stands for all buckets that a count finds.
int NumberOf(const std::optional<Bucket>& bucket) { return bucket.has_value() ? static_cast<int>(*bucket) : 0; }
std::optional<Bucket> BucketOfNumber(int64_t number) {
  return number == 0 ? std::nullopt : std::optional(static_cast<Bucket>(number));
}

std::vector<std::string_view> ProductsOf(const StockCount& count) {
  std::set<std::string_view> products;
  for (const CountLine& line : count.lines) products.insert(line.product);
  return {products.begin(), products.end()};
}

// Nothing where they are so many that all may as well be read.
std::string AndProductIn(const std::vector<std::string_view>& products, mysql::Values* values) {
  constexpr size_t kMost = 4096;
  return products.size() > kMost ? "" : StrCat(" AND product IN ", InList(products, values));
}

absl::Status InsertLines(mysql::Transaction& sql, const StockCount& count) {
  mysql::Values values;
  for (const CountLine& line : count.lines) {
    values.insert(values.end(), {count.partner, count.id, line.product, line.lot, NumberOf(line.bucket), line.counted,
                                 line.unit, line.unit_quantity, line.listed});
  }
  return sql.InsertRows(
      "INSERT INTO stock_count_line (partner, count_id, product, lot, bucket, counted, unit, unit_quantity, listed) "
      "VALUES",
      9, values);
}

absl::Status ReadLines(mysql::Transaction& sql, StockCount* count) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT product, lot, bucket, counted, unit, unit_quantity, listed FROM stock_count_line "
                             "WHERE partner = ? AND count_id = ? ORDER BY product, lot, bucket",
                             {count->partner, count->id}));
  for (const mysql::Row& row : rows) {
    count->lines.push_back({.product = row.Text(0),
                            .lot = row.Text(1),
                            .bucket = BucketOfNumber(row.Int(2)),
                            .counted = row.Dec(3),
                            .unit = row.Text(4),
                            .unit_quantity = row.Dec(5),
                            .listed = row.Bool(6)});
  }
  return absl::OkStatus();
}

absl::StatusOr<StockCount> GetOne(mysql::Transaction& sql, std::string_view partner, std::string_view id,
                                  std::string_view lock) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kColumns, " FROM stock_count WHERE partner = ? AND id = ?", lock), {partner, id}));
  if (rows.empty()) return NotFound(CountName(partner, id));
  StockCount count = Read(rows.front());
  RETURN_IF_ERROR(ReadLines(sql, &count));
  return count;
}

}  // namespace

const std::vector<FilterField>& CountStore::Fields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum("state", "state", {{"OPEN", 1}, {"SUBMITTED", 2}, {"APPROVED", 3}, {"REJECTED", 4}}),
      FilterField::String("site", "CONCAT('partners/', partner, '/sites/', site)"),
      FilterField::Day("date", "count_date")};
  return fields;
}

absl::Status CountStore::Insert(mysql::Transaction& sql, const StockCount& count) const {
  ASSIGN_OR_RETURN(const bool fresh, sql.TryInsert(StrCat("INSERT INTO stock_count (", kColumns,
                                                          ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                                                   {count.partner, count.id, count.uid, count.version,
                                                    count.create_time, count.update_time, static_cast<int>(count.state),
                                                    count.site, static_cast<int>(count.boundary), count.date,
                                                    count.blind, count.complete, count.submitter, count.approver}));
  if (!fresh) return AlreadyExists(count.name());
  return InsertLines(sql, count);
}

absl::Status CountStore::Update(mysql::Transaction& sql, const StockCount& count) const {
  RETURN_IF_ERROR(
      sql.Execute("UPDATE stock_count SET version = ?, update_time = ?, state = ?, submitter = ?, "
                  "approver = ? WHERE partner = ? AND id = ?",
                  {count.version, count.update_time, static_cast<int>(count.state), count.submitter, count.approver,
                   count.partner, count.id}));
  RETURN_IF_ERROR(
      sql.Execute("DELETE FROM stock_count_line WHERE partner = ? AND count_id = ?", {count.partner, count.id}));
  return InsertLines(sql, count);
}

absl::StatusOr<StockCount> CountStore::Get(mysql::Transaction& sql, std::string_view partner,
                                           std::string_view id) const {
  return GetOne(sql, partner, id, "");
}

absl::StatusOr<StockCount> CountStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                    std::string_view id) const {
  return GetOne(sql, partner, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<StockCount>> CountStore::List(mysql::Transaction& sql, std::string_view partner,
                                                         std::string_view after_partner, std::string_view after_id,
                                                         const SqlPredicate& filter, int limit) const {
  const PageClauses page = PageOf(partner, {{"partner", after_partner}, {"id", after_id}}, filter, limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM stock_count ", page.sql()), page.values));
  std::vector<StockCount> counts;
  for (const mysql::Row& row : rows) {
    counts.push_back(Read(row));
    RETURN_IF_ERROR(ReadLines(sql, &counts.back()));
  }
  return counts;
}

absl::StatusOr<std::map<PositionKey, std::map<Bucket, Decimal>>> CountStore::Books(mysql::Transaction& sql,
                                                                                   const StockCount& count) const {
  std::map<PositionKey, std::map<Bucket, Decimal>> books;
  const std::vector<std::string_view> products = ProductsOf(count);
  if (products.empty()) return books;
  const std::string name = count.name();
  mysql::Values values;
  const auto posted = [&] {
    values.insert(values.end(), {count.partner, count.closing(), name});
    return StrCat(" FROM stock_posting WHERE partner = ? AND effective_date <= ? AND cause <> ?",
                  AndProductIn(products, &values));
  };
  const std::string in = posted();
  const std::string out = posted();
  values.push_back(count.site);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT product, lot, place, SUM(units) FROM (SELECT product, lot, to_place AS "
                                    "place, quantity AS units",
                                    in, " UNION ALL SELECT product, lot, from_place, -quantity", out,
                                    ") moved WHERE SUBSTRING_INDEX(place, '/', 1) = ? GROUP BY product, lot, place"),
                             values));
  for (const mysql::Row& row : rows) {
    books[{count.partner, count.site, row.Text(0), row.Text(1)}][BucketOf(row.Bytes(2))] = row.Dec(3);
  }
  return books;
}

absl::StatusOr<std::vector<PositionKey>> CountStore::Known(mysql::Transaction& sql, std::string_view partner,
                                                           std::string_view site, Date closing) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT product, lot FROM ("
                             "SELECT product, lot, to_place AS place, quantity AS units FROM stock_posting "
                             "WHERE partner = ? AND effective_date <= ? "
                             "UNION ALL SELECT product, lot, from_place, -quantity FROM stock_posting "
                             "WHERE partner = ? AND effective_date <= ?"
                             ") moved WHERE SUBSTRING_INDEX(place, '/', 1) = ? AND place NOT LIKE '%/in_transit' "
                             "GROUP BY product, lot HAVING SUM(units) <> 0 ORDER BY product, lot",
                             {partner, closing, partner, closing, site}));
  std::vector<PositionKey> known;
  for (const mysql::Row& row : rows) {
    known.push_back({std::string(partner), std::string(site), row.Text(0), row.Text(1)});
  }
  return known;
}

absl::Status CountStore::CheckAlone(mysql::Transaction& sql, const StockCount& count) const {
  const std::vector<std::string_view> products = ProductsOf(count);
  if (products.empty()) return absl::OkStatus();
  mysql::Values values = {count.partner, count.site, count.closing()};
  const std::string in = AndProductIn(products, &values);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT product, lot, bucket = 0, count_id FROM standing_count WHERE partner = ? AND "
                       "site = ? AND closing = ?",
                       in),
                values));
  // (product, lot, whether of all buckets) -> count
  std::map<std::tuple<std::string, std::string, bool>, std::string> standing;
  for (const mysql::Row& row : rows) standing.emplace(std::tuple(row.Text(0), row.Text(1), row.Bool(2)), row.Text(3));
  for (const CountLine& line : count.lines) {
    const auto other = standing.find({line.product, line.lot, line.bucket.has_value()});
    if (other == standing.end()) continue;
    return Error(Reason::kStateConflict, StrCat(count.name(), ": got a count of ",
                                                line.bucket.has_value() ? NameOf(*line.bucket) : "all buckets",
                                                " of products/", line.product, ", want the same buckets as ",
                                                CountName(count.partner, other->second), " of the same day counts"));
  }
  return absl::OkStatus();
}

absl::Status CountStore::Hold(mysql::Transaction& sql, const StockCount& count) const {
  RETURN_IF_ERROR(CheckAlone(sql, count));
  RETURN_IF_ERROR(
      sql.Execute("INSERT INTO counted_site (partner, site, last_closing) VALUES (?, ?, ?) "
                  "ON DUPLICATE KEY UPDATE last_closing = GREATEST(last_closing, VALUES(last_closing))",
                  {count.partner, count.site, count.closing()}));
  mysql::Values values;
  const Date closing = count.closing();
  for (const CountLine& line : count.lines) {
    values.insert(values.end(),
                  {count.partner, count.site, line.product, line.lot, NumberOf(line.bucket), closing, count.id});
  }
  return sql.InsertRows("INSERT INTO standing_count (partner, site, product, lot, bucket, closing, count_id) VALUES", 7,
                        values, "ON DUPLICATE KEY UPDATE count_id = VALUES(count_id)");
}

absl::StatusOr<std::map<std::pair<std::string, std::string>, Date>> CountStore::LastClosings(
    mysql::Transaction& sql, const std::vector<std::string_view>& partners) const {
  std::map<std::pair<std::string, std::string>, Date> closings;
  if (partners.empty()) return closings;
  mysql::Values values;
  const std::string in = InList(partners, &values);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT partner, site, last_closing FROM counted_site WHERE partner IN ", in), values));
  for (const mysql::Row& row : rows) closings.emplace(std::pair(row.Text(0), row.Text(1)), row.Day(2));
  return closings;
}

absl::StatusOr<std::vector<StandingCount>> CountStore::Standing(mysql::Transaction& sql, const PositionKey& key,
                                                                Date from) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT count_id, closing, bucket FROM standing_count WHERE partner = ? AND site = ? AND "
                             "product = ? AND lot = ? AND closing >= ? ORDER BY closing, bucket",
                             {key.partner, key.site, key.product, key.lot, from}));
  std::vector<StandingCount> counts;
  for (const mysql::Row& row : rows) {
    counts.push_back(
        {.count = CountName(key.partner, row.Bytes(0)), .closing = row.Day(1), .bucket = BucketOfNumber(row.Int(2))});
  }
  return counts;
}

absl::StatusOr<std::vector<CountAdjustment>> CountStore::Adjustments(mysql::Transaction& sql, const StockCount& count,
                                                                     std::optional<absl::Time> known) const {
  std::vector<CountAdjustment> adjustments;
  const std::vector<std::string_view> products = ProductsOf(count);
  if (products.empty()) return adjustments;
  mysql::Values values = {count.partner};
  const std::string in = AndProductIn(products, &values);
  const std::string name = count.name();
  values.push_back(name);
  if (known.has_value()) values.push_back(*known);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT product, lot, from_place, to_place, quantity, own.recorded_at, COALESCE(because, '') "
                       "FROM stock_posting own LEFT JOIN count_correction correction ON correction.shard = own.shard "
                       "AND correction.seq = own.seq WHERE partner = ?",
                       in, " AND cause = ?", known.has_value() ? " AND own.recorded_at <= ?" : "",
                       " ORDER BY own.shard, own.seq"),
                values));
  for (const mysql::Row& row : rows) {
    const bool more = IsSite(row.Bytes(3));
    adjustments.push_back({.product = row.Text(0),
                           .lot = row.Text(1),
                           .bucket = BucketOf(row.Bytes(more ? 3 : 2)),
                           .units = more ? row.Dec(4) : -row.Dec(4),
                           .because = row.Text(6),
                           .recorded_at = row.Instant(5)});
  }
  return adjustments;
}

}  // namespace tributary::inventory
