#include "inventory-service/partner_reports/report_row_store.h"

#include <algorithm>
#include <deque>
#include <optional>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/partner_reports/packed_texts.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kColumns =
    "partner, report, number, state, cells, typed, repairs, errors, read_time, activity, business_date, site, "
    "boundary, "
    "key_document, key_line, digest, document, line, product, lot, quantity, unit_price, currency, region, "
    "end_customer, sale_type, original_sale, version, unit, unit_quantity";
constexpr size_t kWidth = 30;
constexpr std::string_view kRankedColumns =
    "report, number, activity, site, business_date, key_document, key_line, digest, repairs <> '', read_time, state";
// Rows that one statement looks for.
constexpr size_t kAtOnce = 200;

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string PackPairs(const Pairs& pairs) {
  std::vector<std::string_view> texts;
  for (const auto& [column, value] : pairs) texts.insert(texts.end(), {column, value});
  return PackTexts(texts);
}

Pairs UnpackPairs(std::string_view packed) {
  std::vector<std::string> texts = UnpackTexts(packed);
  Pairs pairs;
  for (size_t i = 0; i + 1 < texts.size(); i += 2) pairs.emplace_back(std::move(texts[i]), std::move(texts[i + 1]));
  return pairs;
}

std::string PackErrors(const std::vector<imports::RowError>& errors) {
  std::vector<std::string_view> texts;
  for (const imports::RowError& error : errors) {
    texts.insert(texts.end(), {error.column, error.got, error.want, NameOf(error.reason)});
  }
  return PackTexts(texts);
}

std::vector<imports::RowError> UnpackErrors(int64_t row, std::string_view packed) {
  std::vector<std::string> texts = UnpackTexts(packed);
  std::vector<imports::RowError> errors;
  for (size_t i = 0; i + 3 < texts.size(); i += 4) {
    errors.push_back({.row = row,
                      .column = std::move(texts[i]),
                      .got = std::move(texts[i + 1]),
                      .want = std::move(texts[i + 2]),
                      .reason = ReasonFromName(texts[i + 3])});
  }
  return errors;
}

RowContent ReadContent(const mysql::Row& row) {
  RowContent content;
  content.cell = {.activity = static_cast<Activity>(row.Int(9)), .site = row.Text(11), .date = row.Day(10)};
  content.boundary = static_cast<Boundary>(row.Int(12));
  content.document = row.Text(16);
  content.line = static_cast<int>(row.Int(17));
  content.product = row.Text(18);
  content.lot = row.Text(19);
  content.quantity = row.Dec(20);
  if (!row.IsNull(21)) content.unit_price = row.Dec(21);
  content.currency = row.Text(22);
  content.region = row.Text(23);
  content.end_customer = row.Text(24);
  content.sale_type = static_cast<int>(row.Int(25));
  content.original_sale = row.Text(26);
  content.unit = row.Text(28);
  content.unit_quantity = row.Dec(29);
  return content;
}

ReportRow Read(const mysql::Row& row) {
  ReportRow out;
  out.report = row.Id(1);
  out.number = row.Int(2);
  out.version = row.Int(27);
  out.state = static_cast<RowState>(row.Int(3));
  out.cells = UnpackPairs(row.Bytes(4));
  out.typed = UnpackTexts(row.Bytes(5));
  out.repairs = UnpackPairs(row.Bytes(6));
  out.errors = UnpackErrors(out.number, row.Bytes(7));
  if (!row.IsNull(8)) out.read_time = row.Instant(8);
  if (row.IsNull(9)) return out;
  out.content = ReadContent(row);
  out.key = {.activity = KeyActivityOf(out.content->cell.activity),
             .document = row.Text(13),
             .line = static_cast<int>(row.Int(14))};
  out.digest = row.Text(15);
  return out;
}

RankedRow ReadRanked(const mysql::Row& row) {
  const auto activity = static_cast<Activity>(row.Int(2));
  return {.report = row.Id(0),
          .number = row.Int(1),
          .cell = {.activity = activity, .site = row.Text(3), .date = row.Day(4)},
          .key = {.activity = KeyActivityOf(activity), .document = row.Text(5), .line = static_cast<int>(row.Int(6))},
          .digest = row.Text(7),
          .repaired = row.Bool(8),
          .read_time = row.Instant(9),
          .state = static_cast<RowState>(row.Int(10))};
}

absl::StatusOr<std::vector<ReportRow>> Select(mysql::Transaction& sql, std::string_view tail,
                                              const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT ", kColumns, " FROM report_row ", tail), values));
  std::vector<ReportRow> out;
  out.reserve(rows.size());
  for (const mysql::Row& row : rows) out.push_back(Read(row));
  return out;
}

absl::Status SelectRanked(mysql::Transaction& sql, std::string_view tail, const mysql::Values& values,
                          std::vector<RankedRow>* out) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kRankedColumns, " FROM report_row ", tail), values));
  for (const mysql::Row& row : rows) out->push_back(ReadRanked(row));
  return absl::OkStatus();
}

// "(?, ?), (?, ?)", kAtOnce times; the last one is repeated in the places that are left over, so that the statement
// stays prepared.
template <typename Item, typename Append>
std::string Places(absl::Span<const Item> items, std::string_view place, mysql::Values* values, Append append) {
  std::string text;
  for (size_t i = 0; i < kAtOnce; ++i) {
    StrAppend(&text, i == 0 ? "" : ", ", place);
    append(items[std::min(i, items.size() - 1)], values);
  }
  return text;
}

void AppendRowId(const RowId& id, mysql::Values* values) { values->insert(values->end(), {id.first, id.second}); }

}  // namespace

const std::vector<FilterField>& ReportRowStore::Fields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum(
          "state", "state",
          {{"ACCEPTED", 1}, {"REPAIRED", 2}, {"DUPLICATE", 3}, {"SUPERSEDED", 4}, {"REJECTED", 5}, {"DISCARDED", 6}}),
      FilterField::Enum("activity", "activity",
                        {{"SELL_THROUGH", 1},
                         {"ON_HAND", 2},
                         {"RECEIVED", 3},
                         {"OUT_OF_STOCK", 4},
                         {"ON_ORDER", 5},
                         {"ADJUSTED", 6},
                         {"TRANSFERRED", 7},
                         {"OTHER", 8}}),
      FilterField::Day("date", "business_date"), FilterField::String("product", "CONCAT('products/', product)"),
      FilterField::Integer("number", "number")};
  return fields;
}

absl::StatusOr<ReportRow> ReportRowStore::Get(mysql::Transaction& sql, std::string_view partner, const Uuid& report,
                                              int64_t number) const {
  ASSIGN_OR_RETURN(std::vector<ReportRow> found,
                   Select(sql, "WHERE partner = ? AND report = ? AND number = ?", {partner, report, number}));
  if (found.empty()) return NotFound(StrCat("partners/", partner, "/reports/", report.ToString(), "/rows/", number));
  return std::move(found.front());
}

absl::StatusOr<std::vector<ReportRow>> ReportRowStore::List(mysql::Transaction& sql, std::string_view partner,
                                                            const Uuid& report, int64_t after,
                                                            const SqlPredicate& filter, int limit) const {
  mysql::Values values = {partner, report, after};
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.push_back(limit);
  return Select(
      sql, StrCat("WHERE partner = ? AND report = ? AND number > ? AND (", filter.sql(), ") ORDER BY number LIMIT ?"),
      values);
}

absl::StatusOr<std::vector<ReportRow>> ReportRowStore::Find(mysql::Transaction& sql, std::string_view partner,
                                                            absl::Span<const RowId> rows) const {
  std::vector<ReportRow> found;
  for (size_t at = 0; at < rows.size(); at += kAtOnce) {
    mysql::Values values = {partner};
    const std::string places = Places(rows.subspan(at, kAtOnce), "(?, ?)", &values, AppendRowId);
    ASSIGN_OR_RETURN(std::vector<ReportRow> some,
                     Select(sql, StrCat("WHERE partner = ? AND (report, number) IN (", places, ")"), values));
    for (ReportRow& row : some) found.push_back(std::move(row));
  }
  return found;
}

absl::StatusOr<std::vector<ReportRow>> ReportRowStore::Rejected(mysql::Transaction& sql, std::string_view partner,
                                                                const Uuid& report) const {
  return Select(sql, "WHERE partner = ? AND report = ? AND state = 5 ORDER BY number", {partner, report});
}

absl::StatusOr<std::vector<ReportRow>> ReportRowStore::Conflicting(mysql::Transaction& sql, std::string_view partner,
                                                                   const Uuid& report) const {
  return Select(sql, "WHERE partner = ? AND report = ? AND state = 5 AND key_document IS NOT NULL", {partner, report});
}

absl::StatusOr<std::vector<RankedRow>> ReportRowStore::InCoverage(mysql::Transaction& sql, std::string_view partner,
                                                                  const ReportCoverage& coverage,
                                                                  const std::vector<Uuid>& reports) const {
  std::vector<RankedRow> rows;
  for (const Activity activity : kActivities) {
    if (!coverage.activities.Contains(activity)) continue;
    mysql::Values values = {partner, static_cast<int>(activity), coverage.from, coverage.to};
    std::string where =
        "WHERE partner = ? AND activity = ? AND business_date >= ? AND business_date <= ? AND (state IN (1, 2)";
    if (!reports.empty()) {
      where += " OR (state IN (3, 4) AND report IN (";
      for (size_t i = 0; i < reports.size(); ++i) {
        where += i == 0 ? "?" : ", ?";
        values.push_back(reports[i]);
      }
      where += "))";
    }
    where += ")";
    RETURN_IF_ERROR(SelectRanked(sql, where, values, &rows));
  }
  std::erase_if(rows, [&](const RankedRow& row) { return !coverage.CoversSite(row.cell.site); });
  return rows;
}

absl::StatusOr<std::vector<RankedRow>> ReportRowStore::OfKeys(mysql::Transaction& sql, std::string_view partner,
                                                              const std::vector<RowKey>& keys,
                                                              const ReportCoverage* outside) const {
  std::vector<RankedRow> rows;
  // The column holds the activity of the cell, of which several may share one key.
  std::vector<RowKey> stored;
  for (const RowKey& key : keys) {
    for (const Activity activity : kActivities) {
      if (KeyActivityOf(activity) == key.activity) stored.push_back({activity, key.document, key.line});
    }
  }
  const absl::Span<const RowKey> all(stored);
  for (size_t at = 0; at < stored.size(); at += kAtOnce) {
    mysql::Values values = {partner};
    const std::string places =
        Places(all.subspan(at, kAtOnce), "(?, ?, ?)", &values, [](const RowKey& key, mysql::Values* out) {
          out->insert(out->end(), {static_cast<int>(key.activity), key.document, key.line});
        });
    std::string where =
        StrCat("WHERE partner = ? AND (activity, key_document, key_line) IN (", places, ") AND state IN (1, 2, 3, 4)");
    // The days, and the activities that it does not speak of: what else the coverage leaves out is looked at
    // afterwards.
    if (outside != nullptr && outside->sites.empty()) {
      where += " AND (business_date < ? OR business_date > ?";
      values.insert(values.end(), {outside->from, outside->to});
      for (const Activity activity : kActivities) {
        if (outside->activities.Contains(activity)) continue;
        StrAppend(&where, " OR activity = ", static_cast<int>(activity));
      }
      where += ")";
    }
    RETURN_IF_ERROR(SelectRanked(sql, where, values, &rows));
  }
  if (outside != nullptr) std::erase_if(rows, [&](const RankedRow& row) { return outside->Covers(row.cell); });
  return rows;
}

absl::StatusOr<std::vector<RankedRow>> ReportRowStore::OfReport(mysql::Transaction& sql, std::string_view partner,
                                                                const Uuid& report) const {
  std::vector<RankedRow> rows;
  RETURN_IF_ERROR(
      SelectRanked(sql, "WHERE partner = ? AND report = ? AND state IN (1, 2, 3, 4)", {partner, report}, &rows));
  return rows;
}

absl::Status ReportRowStore::Put(mysql::Transaction& sql, std::string_view partner,
                                 absl::Span<const ReportRow> rows) const {
  // Some hundred rows at once: their texts live only as long as their statement needs them.
  constexpr size_t kChunk = 500;
  for (size_t at = 0; at < rows.size(); at += kChunk) {
    mysql::Values values;
    std::deque<std::string> texts;  // never moves its elements
    const auto keep = [&](std::string text) -> const std::string& { return texts.emplace_back(std::move(text)); };
    for (const ReportRow& row : rows.subspan(at, kChunk)) {
      values.insert(values.end(), {partner, row.report, row.number, static_cast<int>(row.state),
                                   keep(PackPairs(row.cells)), keep(PackTexts({row.typed.begin(), row.typed.end()})),
                                   keep(PackPairs(row.repairs)), keep(PackErrors(row.errors))});
      if (!row.content.has_value()) {
        values.insert(values.end(), kWidth - 11, mysql::Value(std::nullopt));
        values.insert(values.end(), {row.version, mysql::Value(std::nullopt), mysql::Value(std::nullopt)});
        continue;
      }
      const RowContent& c = *row.content;
      values.insert(values.end(), {row.read_time,
                                   static_cast<int>(c.cell.activity),
                                   c.cell.date,
                                   c.cell.site,
                                   static_cast<int>(c.boundary),
                                   row.key.document,
                                   row.key.line,
                                   row.digest,
                                   c.document,
                                   c.line,
                                   c.product,
                                   c.lot,
                                   c.quantity,
                                   mysql::Value(c.unit_price),
                                   c.currency,
                                   c.region,
                                   c.end_customer,
                                   c.sale_type,
                                   c.original_sale,
                                   row.version,
                                   c.unit,
                                   c.unit_quantity});
    }
    RETURN_IF_ERROR(sql.InsertRows(
        StrCat("INSERT INTO report_row (", kColumns, ") VALUES"), kWidth, values,
        "ON DUPLICATE KEY UPDATE state = VALUES(state), repairs = VALUES(repairs), errors = VALUES(errors), "
        "read_time = VALUES(read_time), activity = VALUES(activity), business_date = VALUES(business_date), "
        "site = VALUES(site), boundary = VALUES(boundary), key_document = VALUES(key_document), "
        "key_line = VALUES(key_line), digest = VALUES(digest), document = VALUES(document), line = VALUES(line), "
        "product = VALUES(product), lot = VALUES(lot), quantity = VALUES(quantity), unit_price = VALUES(unit_price), "
        "currency = VALUES(currency), region = VALUES(region), end_customer = VALUES(end_customer), "
        "sale_type = VALUES(sale_type), original_sale = VALUES(original_sale), "
        "version = VALUES(version), unit = VALUES(unit), unit_quantity = VALUES(unit_quantity)"));
  }
  return absl::OkStatus();
}

absl::Status ReportRowStore::SetState(mysql::Transaction& sql, std::string_view partner, absl::Span<const RowId> rows,
                                      RowState state) const {
  for (size_t at = 0; at < rows.size(); at += kAtOnce) {
    mysql::Values values = {static_cast<int>(state), partner};
    const std::string places = Places(rows.subspan(at, kAtOnce), "(?, ?)", &values, AppendRowId);
    RETURN_IF_ERROR(sql.Execute(
        StrCat("UPDATE report_row SET version = version + 1, state = ? WHERE partner = ? AND (report, number) IN (",
               places, ")"),
        values));
  }
  return absl::OkStatus();
}

}  // namespace tributary::inventory
