#include "inventory-service/prices/price_entry_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/effective_days.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kColumns =
    "price_list, id, uid, version, create_time, update_time, state, product, channel, tier, segment, edition, "
    "min_quantity, currency, price, tax_inclusive, pricing_basis, effective_from, effective_to, import_id";
constexpr size_t kWidth = 20;

PriceEntry Read(const mysql::Row& row) {
  PriceEntry entry{.price_list = row.Text(0),
                   .id = row.Text(1),
                   .uid = row.Id(2),
                   .version = row.Int(3),
                   .create_time = row.Instant(4),
                   .update_time = row.Instant(5),
                   .state = static_cast<LifeState>(row.Int(6)),
                   .product = row.Text(7),
                   .channel = row.Text(8),
                   .tier = row.Text(9),
                   .segment = row.Text(10),
                   .edition = row.Text(11),
                   .min_quantity = row.Dec(12),
                   .price = {row.Text(13), row.Dec(14)},
                   .tax_inclusive = row.Bool(15),
                   .basis = static_cast<PricingBasis>(row.Int(16)),
                   .effective = ReadDays(row, 17)};
  if (!row.IsNull(19)) entry.import_id = row.Id(19);
  return entry;
}

mysql::Values RowsOf(absl::Span<const PriceEntry> entries) {
  mysql::Values values;
  values.reserve(entries.size() * kWidth);
  for (const PriceEntry& e : entries) {
    values.insert(values.end(), {e.price_list,
                                 e.id,
                                 e.uid,
                                 e.version,
                                 e.create_time,
                                 e.update_time,
                                 static_cast<int>(e.state),
                                 e.product,
                                 e.channel,
                                 e.tier,
                                 e.segment,
                                 e.edition,
                                 e.min_quantity,
                                 e.price.currency,
                                 e.price.amount,
                                 e.tax_inclusive,
                                 static_cast<int>(e.basis),
                                 e.effective.start,
                                 EndOf(e.effective),
                                 mysql::Value(e.import_id)});
  }
  return values;
}

absl::StatusOr<std::vector<PriceEntry>> Select(mysql::Transaction& sql, std::string_view tail,
                                               const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT ", kColumns, " FROM price_entry ", tail), values));
  std::vector<PriceEntry> entries;
  entries.reserve(rows.size());
  for (const mysql::Row& row : rows) entries.push_back(Read(row));
  return entries;
}

std::string InsertHead() { return StrCat("INSERT INTO price_entry (", kColumns, ") VALUES"); }

}  // namespace

const std::vector<FilterField>& PriceEntryStore::Fields() {
  static const auto& fields =
      *new std::vector<FilterField>{FilterField::String("product", "CONCAT('products/', product)"),
                                    FilterField::String("channel", "channel"),
                                    FilterField::String("tier", "tier"),
                                    FilterField::String("segment", "segment"),
                                    FilterField::String("edition", "edition"),
                                    FilterField::String("currency", "currency"),
                                    FilterField::Enum("pricing_basis", "pricing_basis", {{"LIST", 1}, {"NET", 2}}),
                                    FilterField::Day("effective_from", "effective_from"),
                                    FilterField::Day("effective_to", "effective_to"),
                                    FilterField::Enum("state", "state", {{"ACTIVE", 1}, {"INACTIVE", 2}})};
  return fields;
}

absl::StatusOr<PriceEntry> PriceEntryStore::Get(mysql::Transaction& sql, std::string_view price_list,
                                                std::string_view id) const {
  ASSIGN_OR_RETURN(std::vector<PriceEntry> found, Select(sql, "WHERE price_list = ? AND id = ?", {price_list, id}));
  if (found.empty()) return NotFound(StrCat("priceLists/", price_list, "/entries/", id));
  return std::move(found.front());
}

absl::StatusOr<std::map<PriceEntryStore::Key, PriceEntry>> PriceEntryStore::FindForUpdate(
    mysql::Transaction& sql, const std::set<Key>& keys) const {
  std::map<Key, PriceEntry> found;
  if (keys.empty()) return found;
  // The number of places is one of few, so that the statements stay prepared; the last key stands in those left over.
  size_t places = 1;
  while (places < keys.size()) places *= 4;
  std::string in = "(";
  mysql::Values values;
  auto key = keys.begin();
  for (size_t i = 0; i < places; ++i) {
    in += i == 0 ? "(?, ?)" : ", (?, ?)";
    values.insert(values.end(), {key->first, key->second});
    if (std::next(key) != keys.end()) ++key;
  }
  ASSIGN_OR_RETURN(
      std::vector<PriceEntry> entries,
      Select(sql, StrCat("WHERE (price_list, id) IN ", in, ") ORDER BY price_list, id FOR UPDATE"), values));
  for (PriceEntry& entry : entries) {
    const Key of_entry = {entry.price_list, entry.id};
    found.emplace(of_entry, std::move(entry));
  }
  return found;
}

absl::StatusOr<bool> PriceEntryStore::Insert(mysql::Transaction& sql, absl::Span<const PriceEntry> fresh) const {
  return sql.TryInsertRows(InsertHead(), kWidth, RowsOf(fresh));
}

absl::Status PriceEntryStore::Replace(mysql::Transaction& sql, absl::Span<const PriceEntry> changed) const {
  return sql.InsertRows(
      InsertHead(), kWidth, RowsOf(changed),
      "ON DUPLICATE KEY UPDATE version = VALUES(version), update_time = VALUES(update_time), state = VALUES(state), "
      "product = VALUES(product), channel = VALUES(channel), tier = VALUES(tier), segment = VALUES(segment), "
      "edition = VALUES(edition), min_quantity = VALUES(min_quantity), currency = VALUES(currency), "
      "price = VALUES(price), tax_inclusive = VALUES(tax_inclusive), pricing_basis = VALUES(pricing_basis), "
      "effective_from = VALUES(effective_from), effective_to = VALUES(effective_to), import_id = VALUES(import_id)");
}

absl::StatusOr<std::vector<PriceEntry>> PriceEntryStore::OfImportForUpdate(mysql::Transaction& sql,
                                                                           const Uuid& import_id, int limit) const {
  return Select(sql, "WHERE import_id = ? AND state = ? ORDER BY price_list, id LIMIT ? FOR UPDATE",
                {import_id, static_cast<int>(LifeState::kActive), limit});
}

absl::StatusOr<std::vector<PriceEntry>> PriceEntryStore::List(mysql::Transaction& sql, std::string_view price_list,
                                                              std::string_view after_list, std::string_view after_id,
                                                              bool show_deleted, const SqlPredicate& filter,
                                                              int limit) const {
  mysql::Values values = {after_list, after_list, after_id};
  if (!price_list.empty()) values.push_back(price_list);
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.push_back(limit);
  return Select(
      sql,
      StrCat("WHERE (price_list > ? OR (price_list = ? AND id > ?))", price_list.empty() ? "" : " AND price_list = ?",
             show_deleted ? "" : " AND state = 1", " AND (", filter.sql(), ") ORDER BY price_list, id LIMIT ?"),
      values);
}

absl::StatusOr<std::vector<PriceCandidate>> PriceEntryStore::Candidates(mysql::Transaction& sql,
                                                                        std::string_view product,
                                                                        std::string_view price_list) const {
  std::string columns = "e.";
  for (const char c : kColumns) columns += c == ' ' ? " e." : std::string(1, c);
  mysql::Values values = {product};
  if (!price_list.empty()) values.push_back(price_list);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", columns,
                                    ", l.state FROM price_entry e JOIN price_list l ON l.id = e.price_list "
                                    "WHERE e.product = ?",
                                    price_list.empty() ? "" : " AND e.price_list = ?"),
                             values));
  std::vector<PriceCandidate> candidates;
  candidates.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    candidates.push_back(
        {.entry = Read(row), .list_in_use = row.Int(kWidth) == static_cast<int64_t>(LifeState::kActive)});
  }
  return candidates;
}

}  // namespace tributary::inventory
