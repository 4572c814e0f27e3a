#include "incentive-service/price_changes/price_change_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/listing/list_rows.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns =
    "price_change, uid, version, create_time, update_time, state, product, effective_date, new_price, currency, "
    "in_transit_days, lookback_days, reverse, claim_deadline, note, creator, announcer";

absl::StatusOr<std::vector<PriceChange>> Read(mysql::Transaction& sql, std::string_view condition,
                                              const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM price_change WHERE ", condition), values));
  std::vector<PriceChange> changes;
  changes.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    changes.push_back({.id = row.Text(0),
                       .uid = row.Id(1),
                       .version = row.Int(2),
                       .create_time = row.Instant(3),
                       .update_time = row.Instant(4),
                       .state = static_cast<PriceChangeState>(row.Int(5)),
                       .product = row.Text(6),
                       .effective_date = row.Day(7),
                       .new_price = row.Dec(8),
                       .currency = row.Text(9),
                       .in_transit_days = static_cast<int>(row.Int(10)),
                       .lookback_days = static_cast<int>(row.Int(11)),
                       .reverse = row.Bool(12),
                       .claim_deadline = row.Day(13),
                       .note = row.Text(14),
                       .creator = row.Text(15),
                       .announcer = row.Text(16)});
  }
  return changes;
}

absl::StatusOr<PriceChange> GetOne(mysql::Transaction& sql, std::string_view id, std::string_view lock) {
  ASSIGN_OR_RETURN(std::vector<PriceChange> changes, Read(sql, StrCat("price_change = ?", lock), {id}));
  if (changes.empty()) return NotFound(StrCat("priceChanges/", id));
  return std::move(changes.front());
}

}  // namespace

absl::StatusOr<PriceChange> PriceChangeStore::Get(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, "");
}

absl::StatusOr<PriceChange> PriceChangeStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, " FOR UPDATE");
}

const std::vector<FilterField>& PriceChangeStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum("state", "state", {{"DRAFT", int64_t{1}}, {"ANNOUNCED", int64_t{2}}}),
      FilterField::String("product", "product"),
      FilterField::Day("effective_date", "effective_date"),
  };
  return fields;
}

absl::StatusOr<std::vector<PriceChange>> PriceChangeStore::List(mysql::Transaction& sql, std::string_view after,
                                                                const SqlPredicate& where, int limit) const {
  return ListRows({"price_change"}, {after}, where).Read(sql, Read, limit);
}

absl::StatusOr<std::vector<PriceChange>> PriceChangeStore::AnnouncedOf(mysql::Transaction& sql,
                                                                       std::string_view product) const {
  return Read(sql, "product = ? AND state = 2", {product});
}

absl::Status PriceChangeStore::Insert(mysql::Transaction& sql, const PriceChange& change) const {
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(StrCat("INSERT INTO price_change (", kColumns,
                           ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                    {change.id, change.uid, change.version, change.create_time, change.update_time,
                     static_cast<int>(change.state), change.product, change.effective_date, change.new_price,
                     change.currency, change.in_transit_days, change.lookback_days, change.reverse,
                     change.claim_deadline, change.note, change.creator, change.announcer}));
  if (!inserted) return AlreadyExists(change.name());
  return absl::OkStatus();
}

absl::Status PriceChangeStore::Update(mysql::Transaction& sql, const PriceChange& change) const {
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE price_change SET version = ?, update_time = ?, state = ?, announcer = ? "
                               "WHERE price_change = ? AND version = ?",
                               {change.version, change.update_time, static_cast<int>(change.state), change.announcer,
                                change.id, change.version - 1}));
  if (matched != 1) return Error(Reason::kConflictRetry, StrCat(change.name(), " changed while it was being changed"));
  return absl::OkStatus();
}

}  // namespace tributary::incentive
