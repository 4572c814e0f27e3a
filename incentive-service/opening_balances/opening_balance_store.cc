#include "incentive-service/opening_balances/opening_balance_store.h"

#include <map>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns =
    "partner, opening_balance, uid, create_time, held_on, currency, document, version, update_time, state, requester, "
    "decider, decision_note";
constexpr std::string_view kLotColumns = "partner, opening_balance, ordinal, lot, amount, expires_on, credit_date";
constexpr size_t kLotWidth = 7;
constexpr std::string_view kVolumeColumns =
    "partner, opening_balance, ordinal, program, period, amount, quantity, paid";
constexpr size_t kVolumeWidth = 8;

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
                        .document = row.Text(6),
                        .version = row.Int(7),
                        .update_time = row.Instant(8),
                        .state = static_cast<OpeningBalanceState>(row.Int(9)),
                        .requester = row.Text(10),
                        .decider = row.Text(11),
                        .decision_note = row.Text(12)});
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
    ASSIGN_OR_RETURN(const mysql::Rows volumes,
                     sql.Query(StrCat("SELECT ", kVolumeColumns,
                                      " FROM opening_balance_volume "
                                      "WHERE partner = ? AND opening_balance = ? ORDER BY ordinal"),
                               {balance.partner, balance.id}));
    for (const mysql::Row& row : volumes) {
      balance.volumes.push_back({row.Text(3), row.Text(4), row.Dec(5), row.Dec(6), row.Int(7)});
    }
  }
  return balances;
}

}  // namespace

absl::Status OpeningBalanceStore::Insert(mysql::Transaction& sql, const OpeningBalance& balance) const {
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(
          StrCat("INSERT INTO opening_balance (", kColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
          {balance.partner, balance.id, balance.uid, balance.create_time, balance.date, balance.currency,
           balance.document, balance.version, balance.update_time, static_cast<int>(balance.state), balance.requester,
           balance.decider, balance.decision_note}));
  if (!inserted) return AlreadyExists(balance.name());
  mysql::Values values;
  int64_t ordinal = 0;
  for (const Lot& lot : balance.lots) {
    values.insert(values.end(),
                  {balance.partner, balance.id, ++ordinal, lot.id, lot.amount, lot.expires_on, lot.credit_date});
  }
  if (!values.empty()) {
    RETURN_IF_ERROR(
        sql.InsertRows(StrCat("INSERT INTO opening_balance_lot (", kLotColumns, ") VALUES"), kLotWidth, values));
  }
  mysql::Values volumes;
  ordinal = 0;
  for (const ProgramVolume& volume : balance.volumes) {
    volumes.insert(volumes.end(), {balance.partner, balance.id, ++ordinal, volume.program, volume.period, volume.amount,
                                   volume.quantity, volume.paid});
  }
  if (volumes.empty()) return absl::OkStatus();
  return sql.InsertRows(StrCat("INSERT INTO opening_balance_volume (", kVolumeColumns, ") VALUES"), kVolumeWidth,
                        volumes);
}

absl::Status OpeningBalanceStore::Update(mysql::Transaction& sql, const OpeningBalance& balance) const {
  return sql
      .Execute(
          "UPDATE opening_balance SET version = ?, update_time = ?, state = ?, decider = ?, decision_note = ? WHERE "
          "partner = ? AND opening_balance = ?",
          {balance.version, balance.update_time, static_cast<int>(balance.state), balance.decider,
           balance.decision_note, balance.partner, balance.id})
      .status();
}

absl::StatusOr<OpeningBalance> OpeningBalanceStore::Get(mysql::Transaction& sql, std::string_view partner,
                                                        std::string_view id) const {
  ASSIGN_OR_RETURN(std::vector<OpeningBalance> balances,
                   Read(sql, "partner = ? AND opening_balance = ?", {partner, id}));
  if (balances.empty()) return NotFound(StrCat("partners/", partner, "/openingBalances/", id));
  return std::move(balances.front());
}

absl::StatusOr<OpeningBalance> OpeningBalanceStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                                 std::string_view id) const {
  ASSIGN_OR_RETURN(std::vector<OpeningBalance> balances,
                   Read(sql, "partner = ? AND opening_balance = ? FOR UPDATE", {partner, id}));
  if (balances.empty()) return NotFound(StrCat("partners/", partner, "/openingBalances/", id));
  return std::move(balances.front());
}

const std::vector<FilterField>& OpeningBalanceStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Day("date", "held_on"),
      FilterField::String("currency", "currency"),
      FilterField::String("document", "document"),
      FilterField::Enum("state", "state",
                        {{"REQUESTED", int64_t{1}}, {"RECORDED", int64_t{2}}, {"REJECTED", int64_t{3}}}),
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
