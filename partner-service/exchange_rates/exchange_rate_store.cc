#include "partner-service/exchange_rates/exchange_rate_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT uid, version, create_time, update_time, state, rate_type, from_currency, to_currency, rate_date, rate, "
    "source_text FROM exchange_rate ";

ExchangeRate FromRow(const mysql::Row& row) {
  return {.revision = {row.Id(0), row.Int(1), row.Instant(2), row.Instant(3)},
          .state = static_cast<ExchangeRateState>(row.Int(4)),
          .pair = {row.Text(5), row.Text(6), row.Text(7)},
          .date = row.Day(8),
          .rate = row.Text(9),
          .source_text = row.Text(10)};
}

std::vector<ExchangeRate> FromRows(const mysql::Rows& rows) {
  std::vector<ExchangeRate> rates;
  rates.reserve(rows.size());
  for (const mysql::Row& row : rows) rates.push_back(FromRow(row));
  return rates;
}

}  // namespace

const std::vector<FilterField>& ExchangeRateStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::String("rate_type", "rate_type"),
      FilterField::String("from_currency", "from_currency"),
      FilterField::String("to_currency", "to_currency"),
      FilterField::Day("date", "rate_date"),
      FilterField::Enum("state", "state", NumberedNames(ExchangeRateState::kActive, ExchangeRateState::kWithdrawn)),
  };
  return fields;
}

absl::StatusOr<ExchangeRate> ExchangeRateStore::Get(mysql::Transaction& sql, std::string_view id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE id = ?"), {id}));
  if (rows.empty()) return NotFound(StrCat("exchangeRates/", id));
  return FromRow(rows.front());
}

absl::StatusOr<std::vector<ExchangeRate>> ExchangeRateStore::List(mysql::Transaction& sql, const Page& page,
                                                                  bool show_withdrawn) const {
  RootPage rows_of(page);
  if (!show_withdrawn) rows_of.Where("state <> ?", {static_cast<int>(ExchangeRateState::kWithdrawn)});
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  return FromRows(rows);
}

absl::StatusOr<absl::flat_hash_map<std::string, ExchangeRate>> ExchangeRateStore::GetForUpdate(
    mysql::Transaction& sql, const std::vector<std::string>& ids) const {
  absl::flat_hash_map<std::string, ExchangeRate> found;
  if (ids.empty()) return found;
  const IdList list({ids.begin(), ids.end()});
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE id IN ", list.sql(), " ORDER BY id FOR UPDATE"), list.values()));
  for (ExchangeRate& rate : FromRows(rows)) {
    std::string id = rate.id();
    found.emplace(std::move(id), std::move(rate));
  }
  return found;
}

absl::StatusOr<std::optional<ExchangeRate>> ExchangeRateStore::LatestUntil(mysql::Transaction& sql,
                                                                           const RatePair& pair, Date day) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect,
                                    "WHERE rate_type = ? AND from_currency = ? AND to_currency = ? AND state = ? AND "
                                    "rate_date <= ? ORDER BY rate_date DESC LIMIT 1"),
                             {pair.rate_type, pair.from, pair.to, static_cast<int>(ExchangeRateState::kActive), day}));
  if (rows.empty()) return std::optional<ExchangeRate>();
  return std::optional(FromRow(rows.front()));
}

absl::Status ExchangeRateStore::Insert(mysql::Transaction& sql, absl::Span<const ExchangeRate> rates,
                                       std::string_view import_id) const {
  if (rates.empty()) return absl::OkStatus();
  std::vector<std::string> ids;
  for (const ExchangeRate& rate : rates) ids.push_back(rate.id());
  mysql::Values values;
  for (size_t i = 0; i < rates.size(); ++i) {
    const ExchangeRate& r = rates[i];
    values.insert(values.end(), {ids[i], r.revision.uid, r.revision.version, r.revision.create_time,
                                 r.revision.update_time, static_cast<int>(r.state), r.pair.rate_type, r.pair.from,
                                 r.pair.to, r.date, r.rate, r.source_text, import_id});
  }
  ASSIGN_OR_RETURN(const bool inserted,
                   sql.TryInsertRows("INSERT INTO exchange_rate (id, uid, version, create_time, update_time, state, "
                                     "rate_type, from_currency, to_currency, rate_date, rate, source_text, import_id) "
                                     "VALUES",
                                     13, values));
  return inserted ? absl::OkStatus() : ChangedMeanwhile(sql, "one of the exchange rates");
}

absl::Status ExchangeRateStore::Replace(mysql::Transaction& sql, const ExchangeRate& r,
                                        std::string_view import_id) const {
  const std::string id = r.id();
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE exchange_rate SET uid = ?, version = ?, create_time = ?, update_time = ?, "
                  "state = ?, rate = ?, source_text = ?, import_id = ? WHERE id = ? AND version = ?",
                  {r.revision.uid, r.revision.version, r.revision.create_time, r.revision.update_time,
                   static_cast<int>(r.state), r.rate, r.source_text, import_id, id, r.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, r.name());
}

absl::StatusOr<std::vector<ExchangeRate>> ExchangeRateStore::BroughtBy(mysql::Transaction& sql,
                                                                       std::string_view import_id, int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE import_id = ? AND state = ? ORDER BY id LIMIT ? FOR UPDATE"),
                             {import_id, static_cast<int>(ExchangeRateState::kActive), limit}));
  return FromRows(rows);
}

absl::Status ExchangeRateStore::SetState(mysql::Transaction& sql, absl::Span<const ExchangeRate> rates) const {
  for (const ExchangeRate& rate : rates) {
    const std::string id = rate.id();
    ASSIGN_OR_RETURN(
        const int64_t matched,
        sql.Execute("UPDATE exchange_rate SET state = ?, version = ?, update_time = ? WHERE id = ? AND version = ?",
                    {static_cast<int>(rate.state), rate.revision.version, rate.revision.update_time, id,
                     rate.revision.version - 1}));
    if (matched != 1) return ChangedMeanwhile(sql, rate.name());
  }
  return absl::OkStatus();
}

}  // namespace tributary::partner
