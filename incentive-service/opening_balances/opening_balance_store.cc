#include "incentive-service/opening_balances/opening_balance_store.h"

#include <map>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns = "partner, opening_balance, uid, create_time, held_on, currency, document";
constexpr std::string_view kLotColumns = "partner, opening_balance, ordinal, lot, amount, expires_on, credit_date";
constexpr size_t kLotWidth = 7;

absl::StatusOr<std::vector<OpeningBalance>> Read(mysql::Transaction& sql, std::string_view condition,
                                                 const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM opening_balance WHERE ", condition), values));
  std::vector<OpeningBalance> balances;
  balances.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    balances.push_back({.partner = row.Text(0),
                        .id = row.Text(1),
                        .uid = row.Id(2),
                        .create_time = row.Instant(3),
                        .date = row.Day(4),
                        .currency = row.Text(5),
                        .document = row.Text(6)});
  }
  for (OpeningBalance& balance : balances) {
    ASSIGN_OR_RETURN(const mysql::Rows lots,
                     sql.Query(StrCat("SELECT ", kLotColumns,
                                      " FROM opening_balance_lot "
                                      "WHERE partner = ? AND opening_balance = ? ORDER BY ordinal"),
                               {balance.partner, balance.id}));
    for (const mysql::Row& row : lots) {
      balance.lots.push_back({.id = row.Text(3),
                              .amount = row.Int(4),
                              .expires_on = row.Day(5),
                              .credit_date = row.Day(6),
                              .source = balance.path()});
    }
  }
  return balances;
}

}  // namespace

absl::Status OpeningBalanceStore::Insert(mysql::Transaction& sql, const OpeningBalance& balance) const {
  ASSIGN_OR_RETURN(const bool inserted,
                   sql.TryInsert(StrCat("INSERT INTO opening_balance (", kColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?)"),
                                 {balance.partner, balance.id, balance.uid, balance.create_time, balance.date,
                                  balance.currency, balance.document}));
  if (!inserted) return AlreadyExists(balance.name());
  mysql::Values values;
  int64_t ordinal = 0;
  for (const Lot& lot : balance.lots) {
    values.insert(values.end(),
                  {balance.partner, balance.id, ++ordinal, lot.id, lot.amount, lot.expires_on, lot.credit_date});
  }
  return sql.InsertRows(StrCat("INSERT INTO opening_balance_lot (", kLotColumns, ") VALUES"), kLotWidth, values);
}

absl::StatusOr<OpeningBalance> OpeningBalanceStore::Get(mysql::Transaction& sql, std::string_view partner,
                                                        std::string_view id) const {
  ASSIGN_OR_RETURN(std::vector<OpeningBalance> balances,
                   Read(sql, "partner = ? AND opening_balance = ?", {partner, id}));
  if (balances.empty()) return NotFound(StrCat("partners/", partner, "/openingBalances/", id));
  return std::move(balances.front());
}

const std::vector<FilterField>& OpeningBalanceStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Day("date", "held_on"),
      FilterField::String("currency", "currency"),
      FilterField::String("document", "document"),
  };
  return fields;
}

absl::StatusOr<std::vector<OpeningBalance>> OpeningBalanceStore::List(mysql::Transaction& sql,
                                                                      const std::optional<std::string>& partner,
                                                                      std::string_view after_partner,
                                                                      std::string_view after_id,
                                                                      const SqlPredicate& where, int limit) const {
  std::string condition = StrCat("partner >= ? AND (partner > ? OR opening_balance > ?) AND (", where.sql(), ")");
  mysql::Values values = {after_partner, after_partner, after_id};
  values.insert(values.end(), where.values().begin(), where.values().end());
  if (partner.has_value()) {
    condition += " AND partner = ?";
    values.push_back(*partner);
  }
  values.push_back(limit);
  return Read(sql, StrCat(condition, " ORDER BY partner, opening_balance LIMIT ?"), values);
}

}  // namespace tributary::incentive
