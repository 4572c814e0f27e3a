#include "incentive-service/wallets/wallet_store.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/ledger/ledger_store.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns =
    "partner, currency, uid, version, create_time, update_time, debt, entries, splits";
constexpr std::string_view kLimitColumn =
    "(SELECT l.price_share FROM wallet_limit l WHERE l.partner = wallet.partner AND l.currency = wallet.currency)";
constexpr std::string_view kLotColumns =
    "partner, currency, lot, amount, remaining, held, expires_on, credit_date, source";
constexpr size_t kLotWidth = 9;
constexpr std::string_view kHoldColumns =
    "partner, currency, hold, uid, version, create_time, update_time, state, purpose, for_order, note, amount";
constexpr std::string_view kPartColumns = "partner, currency, hold, ordinal, lot, amount, captured, released";
constexpr size_t kPartWidth = 8;

// Keys in one condition: within what optimizers look at one by one.
constexpr size_t kKeys = 100;

Wallet WalletFromRow(const mysql::Row& row) {
  Wallet wallet{.partner = row.Text(0),
                .currency = row.Text(1),
                .uid = row.Id(2),
                .version = row.Int(3),
                .create_time = row.Instant(4),
                .update_time = row.Instant(5),
                .debt = row.Int(6),
                .entries = row.Int(7),
                .splits = row.Int(8)};
  if (!row.IsNull(9)) wallet.price_share_limit = row.Dec(9);
  return wallet;
}

Lot LotFromRow(const mysql::Row& row) {
  return {.id = row.Text(2),
          .amount = row.Int(3),
          .remaining = row.Int(4),
          .held = row.Int(5),
          .expires_on = row.Day(6),
          .credit_date = row.Day(7),
          .source = row.Text(8)};
}

WalletHold HoldFromRow(const mysql::Row& row) {
  return {.partner = row.Text(0),
          .currency = row.Text(1),
          .id = row.Text(2),
          .uid = row.Id(3),
          .version = row.Int(4),
          .create_time = row.Instant(5),
          .update_time = row.Instant(6),
          .state = static_cast<HoldState>(row.Int(7)),
          .use = static_cast<WalletUse>(row.Int(8)),
          .order = row.Text(9),
          .note = row.Text(10),
          .amount = row.Int(11)};
}

// Runs `select`, whose text ends before the condition, for some keys at a time.
template <typename Row, typename KeyOf, typename Take>
absl::Status ReadBelow(mysql::Transaction& sql, std::vector<Row>* parents, std::string_view select,
                       std::string_view condition, std::string_view tail, KeyOf key_of, Take take) {
  for (size_t from = 0; from < parents->size(); from += kKeys) {
    std::string where;
    mysql::Values values;
    for (size_t i = from; i < parents->size() && i < from + kKeys; ++i) {
      where += StrCat(where.empty() ? "" : " OR ", "(", condition, ")");
      const mysql::Values key = key_of((*parents)[i]);
      values.insert(values.end(), key.begin(), key.end());
    }
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(select, " WHERE (", where, ")", tail), values));
    for (const mysql::Row& row : rows) take(row);
  }
  return absl::OkStatus();
}

absl::Status ReadLots(mysql::Transaction& sql, std::vector<Wallet>* wallets) {
  using Key = std::pair<std::string_view, std::string_view>;
  std::map<Key, Wallet*> by_key;
  for (Wallet& wallet : *wallets) by_key.emplace(Key(wallet.partner, wallet.currency), &wallet);
  return ReadBelow(
      sql, wallets, StrCat("SELECT ", kLotColumns, " FROM wallet_lot"), "partner = ? AND currency = ?",
      " AND (remaining > 0 OR held > 0) ORDER BY expires_on, credit_date, lot",
      [](const Wallet& wallet) {
        return mysql::Values{wallet.partner, wallet.currency};
      },
      [&](const mysql::Row& row) {
        by_key.at({row.Bytes(0), row.Bytes(1)})->lots.push_back(LotFromRow(row));
      });
}

absl::Status ReadParts(mysql::Transaction& sql, std::vector<WalletHold>* holds) {
  using Key = std::tuple<std::string_view, std::string_view, std::string_view>;
  std::map<Key, WalletHold*> by_key;
  for (WalletHold& hold : *holds) by_key.emplace(Key(hold.partner, hold.currency, hold.id), &hold);
  return ReadBelow(
      sql, holds, StrCat("SELECT ", kPartColumns, " FROM wallet_hold_lot"), "partner = ? AND currency = ? AND hold = ?",
      " ORDER BY partner, currency, hold, ordinal",
      [](const WalletHold& hold) {
        return mysql::Values{hold.partner, hold.currency, hold.id};
      },
      [&](const mysql::Row& row) {
        by_key.at({row.Bytes(0), row.Bytes(1), row.Bytes(2)})
            ->parts.push_back(
                {.lot = row.Text(4), .amount = row.Int(5), .captured = row.Int(6), .released = row.Int(7)});
      });
}

absl::StatusOr<std::vector<Wallet>> ReadWallets(mysql::Transaction& sql, std::string_view condition,
                                                const mysql::Values& values) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kColumns, ", ", kLimitColumn, " FROM wallet WHERE ", condition), values));
  std::vector<Wallet> wallets;
  wallets.reserve(rows.size());
  for (const mysql::Row& row : rows) wallets.push_back(WalletFromRow(row));
  RETURN_IF_ERROR(ReadLots(sql, &wallets));
  return wallets;
}

absl::StatusOr<std::vector<WalletHold>> ReadHolds(mysql::Transaction& sql, std::string_view condition,
                                                  const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kHoldColumns, " FROM wallet_hold WHERE ", condition), values));
  std::vector<WalletHold> holds;
  holds.reserve(rows.size());
  for (const mysql::Row& row : rows) holds.push_back(HoldFromRow(row));
  RETURN_IF_ERROR(ReadParts(sql, &holds));
  return holds;
}

std::string NameOf(const WalletKey& key) { return StrCat("partners/", key.partner, "/wallets/", key.currency); }

absl::StatusOr<Wallet> GetOne(mysql::Transaction& sql, const WalletKey& key, std::string_view lock) {
  ASSIGN_OR_RETURN(std::vector<Wallet> wallets,
                   ReadWallets(sql, StrCat("partner = ? AND currency = ?", lock), {key.partner, key.currency}));
  if (wallets.empty()) return NotFound(NameOf(key));
  return std::move(wallets.front());
}

absl::Status SaveHold(mysql::Transaction& sql, const WalletHold& hold) {
  if (hold.version == 1) {
    ASSIGN_OR_RETURN(
        const bool inserted,
        sql.TryInsert(
            StrCat("INSERT INTO wallet_hold (", kHoldColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
            {hold.partner, hold.currency, hold.id, hold.uid, hold.version, hold.create_time, hold.update_time,
             static_cast<int>(hold.state), static_cast<int>(hold.use), hold.order, hold.note, hold.amount}));
    if (!inserted) return AlreadyExists(hold.name());
  } else {
    ASSIGN_OR_RETURN(const int64_t matched,
                     sql.Execute("UPDATE wallet_hold SET version = ?, update_time = ?, state = ? "
                                 "WHERE partner = ? AND currency = ? AND hold = ? AND version = ?",
                                 {hold.version, hold.update_time, static_cast<int>(hold.state), hold.partner,
                                  hold.currency, hold.id, hold.version - 1}));
    if (matched != 1) return Error(Reason::kConflictRetry, StrCat(hold.name(), " changed while it was being changed"));
  }
  mysql::Values values;
  int64_t ordinal = 0;
  for (const HoldPart& part : hold.parts) {
    values.insert(values.end(), {hold.partner, hold.currency, hold.id, ++ordinal, part.lot, part.amount, part.captured,
                                 part.released});
  }
  return sql.InsertRows(StrCat("INSERT INTO wallet_hold_lot (", kPartColumns, ") VALUES"), kPartWidth, values,
                        "ON DUPLICATE KEY UPDATE captured = VALUES(captured), released = VALUES(released)");
}

absl::Status SaveLots(mysql::Transaction& sql, const Wallet& wallet) {
  mysql::Values values;
  for (const Lot& lot : wallet.lots) {
    values.insert(values.end(), {wallet.partner, wallet.currency, lot.id, lot.amount, lot.remaining, lot.held,
                                 lot.expires_on, lot.credit_date, lot.source});
  }
  if (values.empty()) return absl::OkStatus();
  return sql.InsertRows(StrCat("INSERT INTO wallet_lot (", kLotColumns, ") VALUES"), kLotWidth, values,
                        "ON DUPLICATE KEY UPDATE remaining = VALUES(remaining), held = VALUES(held)");
}

// Numbers the entries behind the wallet's last one.
absl::Status SaveEntries(mysql::Transaction& sql, const WalletChange& change) {
  const Wallet& wallet = change.wallet;
  mysql::Values values;
  int64_t number = wallet.entries;
  for (const WalletEntry& entry : change.entries) {
    ++number;
    int leg_number = 0;
    for (const WalletLeg& leg : entry.legs) {
      values.insert(values.end(),
                    {wallet.partner, wallet.currency, number, ++leg_number, static_cast<int>(entry.kind),
                     static_cast<int>(leg.account), leg.lot, leg.amount, entry.cause, wallet.update_time});
    }
  }
  if (values.empty()) return absl::OkStatus();
  return sql.InsertRows(
      "INSERT INTO wallet_entry (partner, currency, entry, leg, kind, account, lot, amount, cause, entry_time) VALUES",
      10, values);
}

// What has passed its last day, as the ledger of incentives has it.
std::optional<LedgerEntry> ExpiryOf(const WalletChange& change) {
  int64_t expired = 0;
  for (const WalletEntry& entry : change.entries) {
    for (const WalletLeg& leg : entry.legs) {
      if (leg.account == WalletAccount::kExpired) expired += leg.amount;
    }
  }
  const Wallet& wallet = change.wallet;
  return Move({.partner = wallet.partner, .path = StrCat("wallets/", wallet.currency), .currency = wallet.currency},
              LedgerKind::kExpiry, {}, {{LedgerAccount::kPaid, -expired}, {LedgerAccount::kExpired, expired}});
}

absl::StatusOr<int64_t> CountRows(mysql::Transaction& sql, std::string_view groups) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT COUNT(*) FROM (", groups, ") differing")));
  return rows.front().Int(0);
}

}  // namespace

absl::StatusOr<Wallet> WalletStore::Get(mysql::Transaction& sql, const WalletKey& key) const {
  return GetOne(sql, key, "");
}

absl::StatusOr<Wallet> WalletStore::GetForUpdate(mysql::Transaction& sql, const WalletKey& key) const {
  return GetOne(sql, key, " FOR UPDATE");
}

absl::StatusOr<std::vector<Wallet>> WalletStore::List(mysql::Transaction& sql,
                                                      const std::optional<std::string>& partner, const WalletKey& after,
                                                      int limit) const {
  std::string condition = "partner >= ? AND (partner > ? OR currency > ?)";
  mysql::Values values = {after.partner, after.partner, after.currency};
  if (partner.has_value()) {
    condition += " AND partner = ?";
    values.push_back(*partner);
  }
  values.push_back(limit);
  return ReadWallets(sql, StrCat(condition, " ORDER BY partner, currency LIMIT ?"), values);
}

absl::StatusOr<WalletHold> WalletStore::GetHold(mysql::Transaction& sql, const WalletHoldKey& key) const {
  ASSIGN_OR_RETURN(std::vector<WalletHold> holds, ReadHolds(sql, "partner = ? AND currency = ? AND hold = ?",
                                                            {key.wallet.partner, key.wallet.currency, key.hold}));
  if (holds.empty()) return NotFound(StrCat(NameOf(key.wallet), "/holds/", key.hold));
  return std::move(holds.front());
}

const std::vector<FilterField>& WalletStore::HoldFilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum("state", "state", {{"HELD", int64_t{1}}, {"CAPTURED", int64_t{2}}, {"RELEASED", int64_t{3}}}),
      FilterField::Enum("use", "purpose",
                        {{"PRICE", int64_t{1}}, {"PAYMENT", int64_t{2}}, {"GOODS", int64_t{3}}, {"CASH", int64_t{4}}}),
      FilterField::String("order",
                          "CASE for_order WHEN '' THEN NULL ELSE CONCAT('partners/', partner, '/orders/', for_order) "
                          "END"),
      FilterField::Timestamp("create_time", "create_time"),
  };
  return fields;
}

absl::StatusOr<std::vector<WalletHold>> WalletStore::ListHolds(mysql::Transaction& sql,
                                                               const std::optional<std::string>& partner,
                                                               const std::optional<std::string>& currency,
                                                               const WalletHoldKey& after, const SqlPredicate& where,
                                                               int limit) const {
  const auto& [wallet, hold] = after;
  std::string condition =
      StrCat("partner >= ? AND (partner > ? OR currency > ? OR (currency = ? AND hold > ?)) AND (", where.sql(), ")");
  mysql::Values values = {wallet.partner, wallet.partner, wallet.currency, wallet.currency, hold};
  values.insert(values.end(), where.values().begin(), where.values().end());
  if (partner.has_value()) {
    condition += " AND partner = ?";
    values.push_back(*partner);
  }
  if (currency.has_value()) {
    condition += " AND currency = ?";
    values.push_back(*currency);
  }
  values.push_back(limit);
  return ReadHolds(sql, StrCat(condition, " ORDER BY partner, currency, hold LIMIT ?"), values);
}

absl::Status WalletStore::SaveLimit(mysql::Transaction& sql, const Wallet& wallet) const {
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE wallet SET version = ?, update_time = ? WHERE partner = ? AND currency = ? AND version = ?",
                  {wallet.version, wallet.update_time, wallet.partner, wallet.currency, wallet.version - 1}));
  if (matched != 1) return Error(Reason::kConflictRetry, StrCat(wallet.name(), " changed while it was being changed"));
  if (!wallet.price_share_limit.has_value()) {
    return sql.Execute("DELETE FROM wallet_limit WHERE partner = ? AND currency = ?", {wallet.partner, wallet.currency})
        .status();
  }
  return sql
      .Execute(
          "INSERT INTO wallet_limit (partner, currency, price_share) VALUES (?, ?, ?) "
          "ON DUPLICATE KEY UPDATE price_share = VALUES(price_share)",
          {wallet.partner, wallet.currency, *wallet.price_share_limit})
      .status();
}

absl::Status WalletStore::AddLotsOf(mysql::Transaction& sql, const WalletHold& hold, Wallet* wallet) const {
  for (const HoldPart& part : hold.parts) {
    const auto same = [&](const Lot& lot) { return lot.id == part.lot; };
    if (std::any_of(wallet->lots.begin(), wallet->lots.end(), same)) continue;
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT ", kLotColumns, " FROM wallet_lot WHERE partner = ? AND currency = ? AND lot = ?"),
                  {hold.partner, hold.currency, part.lot}));
    Lot lot = LotFromRow(rows.front());
    wallet->lots.insert(std::upper_bound(wallet->lots.begin(), wallet->lots.end(), lot, TakenBefore), std::move(lot));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<OrderOfHold>> WalletStore::OrderOf(mysql::Transaction& sql, const WalletHold& hold) const {
  if (hold.order.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT hold, phase FROM wallet_order WHERE partner = ? AND order_id = ?", {hold.partner, hold.order}));
  if (rows.empty()) return std::nullopt;
  return OrderOfHold{.partner = hold.partner,
                     .order = hold.order,
                     .hold = rows.front().Text(0),
                     .phase = static_cast<OrderPhase>(rows.front().Int(1))};
}

absl::Status WalletStore::PutOrder(mysql::Transaction& sql, const OrderOfHold& order) const {
  return sql
      .Execute(
          "INSERT INTO wallet_order (partner, order_id, hold, phase) VALUES (?, ?, ?, ?) "
          "ON DUPLICATE KEY UPDATE hold = VALUES(hold), phase = VALUES(phase)",
          {order.partner, order.order, order.hold, static_cast<int>(order.phase)})
      .status();
}

absl::Status WalletStore::ForgetOrder(mysql::Transaction& sql, const OrderOfHold& order) const {
  return sql.Execute("DELETE FROM wallet_order WHERE partner = ? AND order_id = ?", {order.partner, order.order})
      .status();
}

absl::StatusOr<std::vector<StoredWalletEntry>> WalletStore::ListEntries(mysql::Transaction& sql, const WalletKey& key,
                                                                        int64_t after, int limit) const {
  // Entries have no gaps.
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT e.entry, e.entry_time, e.kind, e.cause, e.account, e.lot, e.amount, l.expires_on, "
                "l.credit_date FROM wallet_entry e LEFT JOIN wallet_lot l ON l.partner = e.partner AND l.currency = "
                "e.currency AND l.lot = e.lot WHERE e.partner = ? AND e.currency = ? AND e.entry > ? AND e.entry <= ? "
                "ORDER BY e.entry, e.leg",
                {key.partner, key.currency, after, after + limit}));
  std::vector<StoredWalletEntry> entries;
  for (const mysql::Row& row : rows) {
    if (entries.empty() || entries.back().number != row.Int(0)) {
      entries.push_back({.wallet = key,
                         .number = row.Int(0),
                         .entry_time = row.Instant(1),
                         .kind = static_cast<EntryKind>(row.Int(2)),
                         .cause = row.Text(3)});
    }
    StoredWalletEntry::Leg& leg = entries.back().legs.emplace_back();
    leg.leg = {static_cast<WalletAccount>(row.Int(4)), row.Text(5), row.Int(6)};
    if (leg.leg.lot.empty()) continue;
    leg.expires_on = row.Day(7);
    leg.credit_date = row.Day(8);
  }
  return entries;
}

absl::Status WalletStore::Save(mysql::Transaction& sql, const WalletChange& change) const {
  const Wallet& wallet = change.wallet;
  const int64_t entries = wallet.entries + static_cast<int64_t>(change.entries.size());
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE wallet SET version = ?, update_time = ?, debt = ?, entries = ?, splits = ? "
                               "WHERE partner = ? AND currency = ? AND version = ?",
                               {wallet.version, wallet.update_time, wallet.debt, entries, wallet.splits, wallet.partner,
                                wallet.currency, wallet.version - 1}));
  if (matched != 1) return Error(Reason::kConflictRetry, StrCat(wallet.name(), " changed while it was being changed"));
  RETURN_IF_ERROR(SaveLots(sql, wallet));
  if (change.hold.has_value()) RETURN_IF_ERROR(SaveHold(sql, *change.hold));
  RETURN_IF_ERROR(SaveEntries(sql, change));
  return LedgerStore().Post(sql, ExpiryOf(change), wallet.update_time);
}

absl::StatusOr<Wallet> WalletStore::Ensure(mysql::Transaction& sql, const WalletKey& key, absl::Time now) const {
  const auto found = GetForUpdate(sql, key);
  if (found.ok() || !absl::IsNotFound(found.status())) return found;
  // Somebody else may make it now: then that one's row counts.
  RETURN_IF_ERROR(sql.TryInsert(StrCat("INSERT INTO wallet (", kColumns, ") VALUES (?, ?, ?, 1, ?, ?, 0, 0, 0)"),
                                {key.partner, key.currency, Uuid::New(now), now, now})
                      .status());
  return GetForUpdate(sql, key);
}

absl::Status WalletStore::Credit(mysql::Transaction& sql, const WalletKey& key, const Lot& lot, absl::Time now) const {
  ASSIGN_OR_RETURN(Wallet wallet, Ensure(sql, key, now));
  ASSIGN_OR_RETURN(const mysql::Rows same,
                   sql.Query("SELECT lot FROM wallet_lot WHERE partner = ? AND currency = ? AND lot = ?",
                             {key.partner, key.currency, lot.id}));
  if (!same.empty()) return AlreadyExists(StrCat(wallet.name(), ", lot ", lot.id));
  ASSIGN_OR_RETURN(const WalletChange change, incentive::Credit(std::move(wallet), lot, now));
  return Save(sql, change);
}

absl::Status WalletStore::ClawBack(mysql::Transaction& sql, const WalletKey& key, int64_t amount,
                                   std::string_view cause, absl::Time now) const {
  ASSIGN_OR_RETURN(Wallet wallet, Ensure(sql, key, now));
  ASSIGN_OR_RETURN(const WalletChange change, incentive::ClawBack(std::move(wallet), amount, cause, now));
  return Save(sql, change);
}

absl::StatusOr<int64_t> WalletStore::Mismatches(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(
      const int64_t entries,
      CountRows(sql, "SELECT entry FROM wallet_entry GROUP BY partner, currency, entry HAVING SUM(amount) <> 0"));
  ASSIGN_OR_RETURN(
      const int64_t lots,
      CountRows(sql,
                "SELECT lot FROM ("
                "SELECT partner, currency, account, lot, amount FROM wallet_entry WHERE account IN (1, 2) UNION ALL "
                "SELECT partner, currency, 1, lot, -remaining FROM wallet_lot UNION ALL "
                "SELECT partner, currency, 2, lot, -held FROM wallet_lot UNION ALL "
                "SELECT partner, currency, 1, '', debt FROM wallet) booked "
                "GROUP BY partner, currency, account, lot HAVING SUM(amount) <> 0"));
  ASSIGN_OR_RETURN(
      const int64_t holds,
      CountRows(sql,
                "SELECT lot FROM ("
                "SELECT partner, currency, lot, held AS amount FROM wallet_lot UNION ALL "
                "SELECT partner, currency, lot, captured + released - amount FROM wallet_hold_lot) held_lot "
                "GROUP BY partner, currency, lot HAVING SUM(amount) <> 0"));
  return entries + lots + holds;
}

}  // namespace tributary::incentive
