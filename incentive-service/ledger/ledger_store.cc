#include "incentive-service/ledger/ledger_store.h"

#include <map>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns = "partner, entry, entry_time, kind, item, program, period, statement, currency";
constexpr size_t kWidth = 9;
constexpr std::string_view kLegColumns = "partner, entry, account, currency, amount, account_seq, balance_after";
constexpr size_t kLegWidth = 7;
// Entries whose legs are read by one query.
constexpr size_t kEntries = 200;

struct Account {
  int64_t seq = 0;
  int64_t balance = 0;
};
// By (currency, account); ("", 0) counts entries.
using Accounts = std::map<std::pair<std::string, int>, Account>;
const std::pair<std::string, int>& Head() {
  static const auto& head = *new std::pair<std::string, int>("", 0);
  return head;
}

absl::StatusOr<Accounts> Lock(mysql::Transaction& sql, const std::string& partner) {
  Accounts accounts;
  while (true) {
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query("SELECT currency, account, seq, balance FROM ledger_account WHERE partner = ? FOR UPDATE",
                  {partner}));
    for (const mysql::Row& row : rows) {
      accounts[{row.Text(0), static_cast<int>(row.Int(1))}] = {row.Int(2), row.Int(3)};
    }
    if (accounts.contains(Head())) return accounts;
    // Somebody else may make it now: then that one's row counts.
    RETURN_IF_ERROR(
        sql.TryInsert("INSERT INTO ledger_account (partner, currency, account, seq, balance) VALUES (?, '', 0, 0, 0)",
                      {partner})
            .status());
  }
}

absl::Status Number(std::vector<LedgerEntry>* entries, Accounts* accounts, absl::Time now) {
  for (LedgerEntry& entry : *entries) {
    entry.number = ++(*accounts)[Head()].seq;
    entry.entry_time = now;
    for (LedgerLeg& leg : entry.legs) {
      Account& account = (*accounts)[{entry.item.currency, static_cast<int>(leg.account)}];
      if (__builtin_add_overflow(account.balance, leg.amount, &account.balance)) {
        return Error(Reason::kOverflow, StrCat("partners/", entry.item.partner, ": account ", NameOf(leg.account),
                                               " in ", entry.item.currency, " would leave its range"));
      }
      leg.account_seq = ++account.seq;
      leg.balance_after = account.balance;
    }
  }
  return absl::OkStatus();
}

LedgerEntry FromRow(const mysql::Row& row) {
  return {.item = {.partner = row.Text(0),
                   .path = row.Text(4),
                   .program = row.Text(5),
                   .period = row.Text(6),
                   .statement = row.Int(7),
                   .currency = row.Text(8)},
          .kind = static_cast<LedgerKind>(row.Int(3)),
          .number = row.Int(1),
          .entry_time = row.Instant(2)};
}

absl::Status ReadLegs(mysql::Transaction& sql, std::vector<LedgerEntry>* entries) {
  for (size_t first = 0; first < entries->size(); first += kEntries) {
    std::map<std::pair<std::string_view, int64_t>, LedgerEntry*> by_key;
    std::string where;
    mysql::Values values;
    for (size_t i = first; i < entries->size() && i < first + kEntries; ++i) {
      LedgerEntry& entry = (*entries)[i];
      by_key.emplace(std::pair(std::string_view(entry.item.partner), entry.number), &entry);
      where += where.empty() ? "(partner = ? AND entry = ?)" : " OR (partner = ? AND entry = ?)";
      values.insert(values.end(), {entry.item.partner, entry.number});
    }
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT ", kLegColumns, " FROM ledger_leg WHERE ", where,
                                                              " ORDER BY partner, entry, account"),
                                                       values));
    for (const mysql::Row& row : rows) {
      by_key.at({row.Bytes(0), row.Int(1)})
          ->legs.push_back({static_cast<LedgerAccount>(row.Int(2)), row.Int(4), row.Int(5), row.Int(6)});
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<LedgerEntry>> Read(mysql::Transaction& sql, std::string_view where,
                                              const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM ledger_entry WHERE ", where), values));
  std::vector<LedgerEntry> entries;
  entries.reserve(rows.size());
  for (const mysql::Row& row : rows) entries.push_back(FromRow(row));
  RETURN_IF_ERROR(ReadLegs(sql, &entries));
  return entries;
}

absl::StatusOr<int64_t> CountRows(mysql::Transaction& sql, std::string_view groups) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT COUNT(*) FROM (", groups, ") differing")));
  return rows.front().Int(0);
}

// What the ledger says of items, where `items` says which, but for where it comes from; what was clawed back, deducted
// or passed on counts as paid.
std::string LegsOf(std::string_view items) {
  return StrCat(
      "SELECT l.partner, e.item, CASE WHEN l.account IN (7, 10, 12) THEN 6 ELSE l.account END AS account, l.amount "
      "FROM ledger_leg l JOIN ledger_entry e ON e.partner = l.partner AND e.entry = l.entry WHERE l.account NOT IN (1, "
      "13) AND ",
      items);
}

}  // namespace

absl::Status LedgerStore::Post(mysql::Transaction& sql, std::vector<LedgerEntry> entries, absl::Time now) const {
  if (entries.empty()) return absl::OkStatus();
  const std::string partner = entries.front().item.partner;
  ASSIGN_OR_RETURN(Accounts accounts, Lock(sql, partner));
  RETURN_IF_ERROR(Number(&entries, &accounts, now));
  mysql::Values entry_values, leg_values, account_values;
  for (const LedgerEntry& entry : entries) {
    const LedgerItem& item = entry.item;
    entry_values.insert(entry_values.end(), {item.partner, entry.number, now, static_cast<int>(entry.kind), item.path,
                                             item.program, item.period, item.statement, item.currency});
    for (const LedgerLeg& leg : entry.legs) {
      leg_values.insert(leg_values.end(), {item.partner, entry.number, static_cast<int>(leg.account), item.currency,
                                           leg.amount, leg.account_seq, leg.balance_after});
    }
  }
  for (const auto& [key, account] : accounts) {
    account_values.insert(account_values.end(), {partner, key.first, key.second, account.seq, account.balance});
  }
  RETURN_IF_ERROR(sql.InsertRows(StrCat("INSERT INTO ledger_entry (", kColumns, ") VALUES"), kWidth, entry_values));
  RETURN_IF_ERROR(sql.InsertRows(StrCat("INSERT INTO ledger_leg (", kLegColumns, ") VALUES"), kLegWidth, leg_values));
  return sql.InsertRows("INSERT INTO ledger_account (partner, currency, account, seq, balance) VALUES", 5,
                        account_values, "ON DUPLICATE KEY UPDATE seq = VALUES(seq), balance = VALUES(balance)");
}

absl::Status LedgerStore::Post(mysql::Transaction& sql, std::optional<LedgerEntry> entry, absl::Time now) const {
  if (!entry.has_value()) return absl::OkStatus();
  std::vector<LedgerEntry> entries;
  entries.push_back(*std::move(entry));
  return Post(sql, std::move(entries), now);
}

absl::StatusOr<LedgerEntry> LedgerStore::Get(mysql::Transaction& sql, const LedgerKey& key) const {
  ASSIGN_OR_RETURN(std::vector<LedgerEntry> entries, Read(sql, "partner = ? AND entry = ?", {key.partner, key.number}));
  if (entries.empty()) return NotFound(StrCat("partners/", key.partner, "/ledgerEntries/", key.number));
  return std::move(entries.front());
}

const std::vector<FilterField>& LedgerStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>([] {
    std::vector<FilterField::EnumName> kinds;
    for (int kind = 1; kind <= kLedgerKinds; ++kind) {
      kinds.push_back({std::string(NameOf(static_cast<LedgerKind>(kind))), int64_t{kind}});
    }
    return std::vector<FilterField>{
        FilterField::Enum("kind", "kind", std::move(kinds)),
        FilterField::String("item", "CONCAT('partners/', partner, '/', item)"),
        FilterField::String("program", "CASE program WHEN '' THEN NULL ELSE CONCAT('programs/', program) END"),
        FilterField::String("period", "CASE period WHEN '' THEN NULL ELSE period END"),
        FilterField::String("statement",
                            "CASE statement WHEN 0 THEN NULL ELSE CONCAT('partners/', partner, '/statements/', "
                            "statement) END"),
        FilterField::String("currency", "currency"),
        FilterField::Timestamp("entry_time", "entry_time"),
    };
  }());
  return fields;
}

absl::StatusOr<std::vector<LedgerEntry>> LedgerStore::List(mysql::Transaction& sql,
                                                           const std::optional<std::string>& partner,
                                                           std::optional<LedgerAccount> account, const LedgerKey& after,
                                                           const SqlPredicate& where, int limit) const {
  std::string condition = StrCat("partner >= ? AND (partner > ? OR entry > ?) AND (", where.sql(), ")");
  mysql::Values values = {after.partner, after.partner, after.number};
  values.insert(values.end(), where.values().begin(), where.values().end());
  if (partner.has_value()) {
    condition += " AND partner = ?";
    values.push_back(*partner);
  }
  if (account.has_value()) {
    condition +=
        " AND EXISTS (SELECT 1 FROM ledger_leg l WHERE l.partner = ledger_entry.partner AND l.entry = "
        "ledger_entry.entry AND l.account = ?)";
    values.push_back(static_cast<int>(*account));
  }
  values.push_back(limit);
  return Read(sql, StrCat(condition, " ORDER BY partner, entry LIMIT ?"), values);
}

absl::StatusOr<std::vector<LedgerEntry>> LedgerStore::ListExported(mysql::Transaction& sql,
                                                                   std::string_view month) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT e.partner, e.entry, e.entry_time, e.kind, e.item, e.program, e.period, e.statement, "
                "e.currency, l.account, l.amount, l.account_seq, l.balance_after FROM journal_entry j JOIN "
                "ledger_entry e ON e.partner = j.partner AND e.entry = j.entry JOIN ledger_leg l ON "
                "l.partner = e.partner AND l.entry = e.entry WHERE j.journal_export = ? "
                "ORDER BY e.partner, e.entry, l.account",
                {month}));
  std::vector<LedgerEntry> entries;
  for (const mysql::Row& row : rows) {
    LedgerEntry entry = FromRow(row);
    const bool same =
        !entries.empty() && entries.back().number == entry.number && entries.back().item.partner == entry.item.partner;
    if (!same) entries.push_back(std::move(entry));
    entries.back().legs.push_back({static_cast<LedgerAccount>(row.Int(9)), row.Int(10), row.Int(11), row.Int(12)});
  }
  return entries;
}

absl::StatusOr<std::vector<OpenStatement>> LedgerStore::OpenStatements(mysql::Transaction& sql,
                                                                       std::string_view partner, Date as_of) const {
  // Statements say when they were issued: each has its first entries then.
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT e.currency, e.statement, MIN(e.entry_time), SUM(l.amount), SUM(CASE l.account WHEN 3 THEN "
                "l.amount ELSE 0 END) FROM ledger_entry e JOIN ledger_leg l ON l.partner = e.partner AND l.entry = "
                "e.entry WHERE e.partner = ? AND e.statement > 0 AND e.entry_time < ? AND l.account IN (2, 3) "
                "GROUP BY e.currency, e.statement HAVING SUM(l.amount) <> 0 ORDER BY e.currency, e.statement",
                {partner, as_of.AddDays(1)}));
  std::vector<OpenStatement> open;
  open.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    open.push_back({.currency = row.Text(0),
                    .number = row.Int(1),
                    .issue_date = UtcToday(row.Instant(2)),
                    .open = row.Int(3),
                    .withheld = row.Int(4)});
  }
  return open;
}

absl::StatusOr<std::map<int, int64_t>> LedgerStore::DeductedOf(mysql::Transaction& sql, std::string_view partner,
                                                               int64_t statement) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT e.item, SUM(l.amount) FROM ledger_entry e JOIN ledger_leg l ON l.partner = e.partner AND "
                "l.entry = e.entry WHERE e.partner = ? AND e.statement = ? AND l.account = 10 GROUP BY e.item HAVING "
                "SUM(l.amount) <> 0",
                {partner, statement}));
  std::map<int, int64_t> deducted;
  for (const mysql::Row& row : rows) {
    const std::string item = row.Text(0);  // statements/{number}/entries/{ordinal}
    deducted.emplace(std::stoi(item.substr(item.rfind('/') + 1)), row.Int(1));
  }
  return deducted;
}

absl::StatusOr<int64_t> LedgerStore::Mismatches(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const int64_t entries,
                   CountRows(sql, "SELECT entry FROM ledger_leg GROUP BY partner, entry HAVING SUM(amount) <> 0"));
  ASSIGN_OR_RETURN(
      const int64_t accounts,
      CountRows(sql,
                "SELECT account FROM (SELECT partner, currency, account, 1 AS legs, amount FROM ledger_leg UNION ALL "
                "SELECT partner, currency, account, -seq, -balance FROM ledger_account WHERE account > 0) booked "
                "GROUP BY partner, currency, account HAVING SUM(legs) <> 0 OR SUM(amount) <> 0"));
  ASSIGN_OR_RETURN(
      const int64_t statements,
      CountRows(sql,
                StrCat("SELECT item FROM (", LegsOf("e.statement > 0"),
                       " UNION ALL SELECT e.partner, CAST(CONCAT('statements/', e.number, '/entries/', e.ordinal) AS "
                       "BINARY), 2, -e.amount FROM statement_entry e JOIN statement s ON s.partner = e.partner AND "
                       "s.number = e.number WHERE s.state <> 2 UNION ALL "
                       "SELECT partner, CAST(CONCAT('statements/', statement, '/entries/', ordinal) AS BINARY), 2, "
                       "-amount FROM adjustment WHERE statement > 0 UNION ALL "
                       "SELECT partner, CAST(CONCAT('statements/', number, '/entries/', ordinal) AS BINARY), 2, "
                       "settled + withheld FROM statement_item UNION ALL "
                       "SELECT partner, CAST(CONCAT('statements/', number, '/entries/', ordinal) AS BINARY), 3, "
                       "-withheld FROM statement_item UNION ALL "
                       "SELECT partner, CAST(CONCAT('statements/', number, '/entries/', ordinal) AS BINARY), 6, "
                       "-settled FROM statement_item) booked "
                       "GROUP BY partner, item, account HAVING SUM(amount) <> 0")));
  ASSIGN_OR_RETURN(
      const int64_t claims,
      CountRows(sql,
                StrCat("SELECT item FROM (", LegsOf("e.item LIKE 'claims/%'"),
                       " UNION ALL SELECT partner, CAST(CONCAT('claims/', claim) AS BINARY), CASE state WHEN 1 THEN "
                       "4 WHEN 2 THEN 5 ELSE 6 END, CASE state WHEN 1 THEN -amount ELSE -approved END FROM claim "
                       "WHERE state IN (1, 2, 5) UNION ALL SELECT partner, CAST(CONCAT('claims/', claim) AS BINARY), "
                       "6, -amount FROM claim_true_up UNION ALL SELECT m.partner, m.item, 5, m.amount FROM "
                       "deduction_match m JOIN claim c ON c.partner = m.partner AND CAST(CONCAT('claims/', c.claim) AS "
                       "BINARY) = m.item WHERE c.state = 2 UNION ALL SELECT m.partner, m.item, 6, -m.amount FROM "
                       "deduction_match m JOIN claim c ON c.partner = m.partner AND CAST(CONCAT('claims/', c.claim) AS "
                       "BINARY) = m.item WHERE c.state = 2) booked GROUP BY partner, "
                       "item, account HAVING SUM(amount) <> 0")));
  ASSIGN_OR_RETURN(
      const int64_t wallets,
      CountRows(sql,
                "SELECT place FROM ("
                "SELECT partner, currency, 'credited' AS place, amount FROM ledger_leg WHERE account IN (6, 8, 9, 15) "
                "UNION ALL "
                "SELECT partner, currency, 'credited', amount FROM wallet_entry WHERE account = 3 UNION ALL "
                "SELECT partner, currency, 'expired', amount FROM ledger_leg WHERE account = 8 UNION ALL "
                "SELECT partner, currency, 'expired', -amount FROM wallet_entry WHERE account = 5 UNION ALL "
                "SELECT partner, currency, 'clawed', amount FROM ledger_leg WHERE account = 7 UNION ALL "
                "SELECT partner, currency, 'clawed', amount FROM wallet_entry WHERE account = 6) booked "
                "GROUP BY partner, currency, place HAVING SUM(amount) <> 0"));
  ASSIGN_OR_RETURN(
      const int64_t payouts,
      CountRows(sql,
                StrCat("SELECT item FROM (", LegsOf("e.item LIKE 'payouts/%'"),
                       " UNION ALL SELECT partner, CAST(CONCAT('payouts/', payout) AS BINARY), 6, amount FROM payout "
                       "WHERE state = 4 UNION ALL SELECT partner, CAST(CONCAT('payouts/', payout) AS BINARY), 9, "
                       "-COALESCE(paid_amount, amount) FROM payout WHERE state = 4 UNION ALL SELECT partner, "
                       "CAST(CONCAT('payouts/', payout) AS BINARY), 15, paid_amount - amount FROM payout WHERE state = "
                       "4 AND paid_amount IS NOT NULL) booked GROUP BY partner, item, account "
                       "HAVING SUM(amount) <> 0")));
  ASSIGN_OR_RETURN(
      const int64_t payout_holds,
      CountRows(
          sql,
          "SELECT p.payout FROM payout p LEFT JOIN wallet_hold_lot h ON h.partner = p.partner AND h.currency = "
          "p.currency AND h.hold = p.hold GROUP BY p.partner, p.payout, p.amount HAVING "
          "COALESCE(SUM(CASE WHEN p.state IN (1, 2) THEN h.amount - h.captured - h.released WHEN p.state = 4 THEN "
          "h.captured ELSE h.released END), 0) <> p.amount"));
  ASSIGN_OR_RETURN(
      const int64_t deductions,
      CountRows(
          sql,
          "SELECT partner FROM ("
          "SELECT partner, currency, amount FROM ledger_leg WHERE account = 10 UNION ALL "
          "SELECT d.partner, d.currency, -m.amount FROM deduction_match m JOIN deduction d ON d.partner = m.partner "
          "AND d.deduction = m.deduction UNION ALL "
          "SELECT partner, currency, -written_off FROM deduction) booked "
          "GROUP BY partner, currency HAVING SUM(amount) <> 0"));
  ASSIGN_OR_RETURN(
      const int64_t overruns,
      CountRows(sql,
                "SELECT item FROM ("
                "SELECT l.partner, e.item, l.amount FROM ledger_leg l JOIN ledger_entry e ON e.partner = l.partner AND "
                "e.entry = l.entry WHERE l.account = 11 UNION ALL "
                "SELECT partner, CAST(CONCAT('accruals/', program, '.', period) AS BINARY), funded - share FROM "
                "budget_share WHERE funded <> share) booked GROUP BY partner, item HAVING SUM(amount) <> 0"));
  ASSIGN_OR_RETURN(
      const int64_t waived,
      CountRows(sql,
                "SELECT program FROM ("
                "SELECT l.partner, e.program, e.period, l.amount FROM ledger_leg l JOIN ledger_entry e ON e.partner = "
                "l.partner AND e.entry = l.entry WHERE l.account = 13 UNION ALL "
                "SELECT e.partner, e.program, e.period, c.waived - c.waived_before FROM statement_clawback c JOIN "
                "statement_entry e ON e.partner = c.partner AND e.number = c.number AND e.ordinal = c.ordinal JOIN "
                "statement s ON s.partner = c.partner AND s.number = c.number WHERE s.state <> 2) booked "
                "GROUP BY partner, program, period HAVING SUM(amount) <> 0"));
  ASSIGN_OR_RETURN(const int64_t passed_on,
                   CountRows(sql,
                             "SELECT currency FROM ledger_leg WHERE account = 12 GROUP BY currency HAVING "
                             "SUM(amount) <> 0"));
  ASSIGN_OR_RETURN(
      const int64_t accrued,
      CountRows(sql,
                "SELECT program FROM ("
                "SELECT l.partner, e.program, e.period, l.amount FROM ledger_leg l JOIN ledger_entry e ON e.partner = "
                "l.partner AND e.entry = l.entry WHERE l.account = 14 UNION ALL "
                "SELECT partner, program, period, -amount FROM accrued) booked GROUP BY partner, program, period "
                "HAVING SUM(amount) <> 0"));
  // Of a period that is closed, and of which no late fact waits, drafts have all that is accrued.
  ASSIGN_OR_RETURN(
      const int64_t drafts,
      CountRows(sql,
                "SELECT a.partner FROM accrued a JOIN period_close c ON c.program = a.program AND c.period = a.period "
                "LEFT JOIN (SELECT e.partner, e.program, e.period, SUM(e.amount) AS amount FROM statement_entry e JOIN "
                "statement s ON s.partner = e.partner AND s.number = e.number WHERE s.state = 2 GROUP BY e.partner, "
                "e.program, e.period) d ON d.partner = a.partner AND d.program = a.program AND d.period = a.period "
                "WHERE a.amount <> COALESCE(d.amount, 0) AND NOT EXISTS (SELECT 1 FROM accrual w WHERE w.partner = "
                "a.partner AND w.program = a.program AND w.period = a.period AND w.true_up_due = 1)"));
  return entries + accounts + statements + claims + wallets + payouts + payout_holds + deductions + overruns + waived +
         passed_on + accrued + drafts;
}

}  // namespace tributary::incentive
