#include "incentive-service/payouts/payout_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/listing/list_rows.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kPayoutColumns =
    "partner, payout, uid, version, create_time, update_time, state, currency, amount, hold, payee, bank_account, "
    "note, "
    "requester, decider, decision_note, payer, bank_reference, pay_time, failure, paid_in, rate_type, rate_date, rate, "
    "paid_amount";

absl::StatusOr<std::vector<Payout>> ReadPayouts(mysql::Transaction& sql, std::string_view condition,
                                                const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kPayoutColumns, " FROM payout WHERE ", condition), values));
  std::vector<Payout> payouts;
  payouts.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    payouts.push_back({.partner = row.Text(0),
                       .id = row.Text(1),
                       .uid = row.Id(2),
                       .version = row.Int(3),
                       .create_time = row.Instant(4),
                       .update_time = row.Instant(5),
                       .state = static_cast<PayoutState>(row.Int(6)),
                       .currency = row.Text(7),
                       .amount = row.Int(8),
                       .hold = row.Text(9),
                       .payee = row.Text(10),
                       .bank_account = row.Text(11),
                       .note = row.Text(12),
                       .requester = row.Text(13),
                       .decider = row.Text(14),
                       .decision_note = row.Text(15),
                       .payer = row.Text(16),
                       .bank_reference = row.Text(17),
                       .failure = row.Text(19)});
    if (!row.IsNull(18)) payouts.back().pay_time = row.Instant(18);
    if (row.IsNull(20)) continue;
    PayoutExchange exchange{
        .currency = row.Text(20), .rate_type = row.Text(21), .date = row.Day(22), .amount = row.Int(24)};
    ASSIGN_OR_RETURN(exchange.rate, Rational::ParseDecimal(row.Text(23)));
    payouts.back().exchange = std::move(exchange);
  }
  return payouts;
}

absl::StatusOr<Payout> ReadPayout(mysql::Transaction& sql, std::string_view partner, std::string_view id,
                                  std::string_view lock) {
  ASSIGN_OR_RETURN(std::vector<Payout> payouts,
                   ReadPayouts(sql, StrCat("partner = ? AND payout = ?", lock), {partner, id}));
  if (payouts.empty()) return NotFound(StrCat("partners/", partner, "/payouts/", id));
  return std::move(payouts.front());
}

}  // namespace

absl::StatusOr<Payout> PayoutStore::Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const {
  return ReadPayout(sql, partner, id, "");
}

absl::StatusOr<Payout> PayoutStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                 std::string_view id) const {
  return ReadPayout(sql, partner, id, " FOR UPDATE");
}

const std::vector<FilterField>& PayoutStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum("state", "state",
                        {{"REQUESTED", int64_t{1}},
                         {"APPROVED", int64_t{2}},
                         {"REJECTED", int64_t{3}},
                         {"PAID", int64_t{4}},
                         {"FAILED", int64_t{5}},
                         {"WITHDRAWN", int64_t{6}}}),
      FilterField::String("currency", "currency"),
      FilterField::String("paid_in", "COALESCE(paid_in, currency)"),
      FilterField::String("bank_account", "CONCAT('partners/', payee, '/bankAccounts/', bank_account)"),
      FilterField::Timestamp("create_time", "create_time"),
  };
  return fields;
}

absl::StatusOr<std::vector<Payout>> PayoutStore::List(mysql::Transaction& sql,
                                                      const std::optional<std::string>& partner,
                                                      std::string_view after_partner, std::string_view after_id,
                                                      const SqlPredicate& where, int limit) const {
  return ListRows({"partner", "payout"}, {after_partner, after_id}, where)
      .With("partner", partner)
      .Read(sql, ReadPayouts, limit);
}

absl::Status PayoutStore::Insert(mysql::Transaction& sql, const Payout& payout) const {
  std::optional<std::string> paid_in, rate_type, rate;  // they outlive the statement
  std::optional<Date> rate_date;
  std::optional<int64_t> paid_amount;
  if (const auto& exchange = payout.exchange; exchange.has_value()) {
    paid_in = exchange->currency;
    rate_type = exchange->rate_type;
    rate_date = exchange->date;
    rate = exchange->rate.ToDecimalString();
    paid_amount = exchange->amount;
  }
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(StrCat("INSERT INTO payout (", kPayoutColumns,
                           ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                           "?, ?)"),
                    {payout.partner,
                     payout.id,
                     payout.uid,
                     payout.version,
                     payout.create_time,
                     payout.update_time,
                     static_cast<int>(payout.state),
                     payout.currency,
                     payout.amount,
                     payout.hold,
                     payout.payee,
                     payout.bank_account,
                     payout.note,
                     payout.requester,
                     payout.decider,
                     payout.decision_note,
                     payout.payer,
                     payout.bank_reference,
                     payout.pay_time,
                     payout.failure,
                     paid_in,
                     rate_type,
                     rate_date,
                     rate,
                     paid_amount}));
  return inserted ? absl::OkStatus() : AlreadyExists(payout.name());
}

absl::Status PayoutStore::Update(mysql::Transaction& sql, const Payout& before, const Payout& after) const {
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute(
          "UPDATE payout SET version = ?, update_time = ?, state = ?, decider = ?, decision_note = ?, payer = ?, "
          "bank_reference = ?, pay_time = ?, failure = ? WHERE partner = ? AND payout = ? AND version = ?",
          {after.version, after.update_time, static_cast<int>(after.state), after.decider, after.decision_note,
           after.payer, after.bank_reference, after.pay_time, after.failure, after.partner, after.id, before.version}));
  if (matched != 1) return Error(Reason::kConflictRetry, StrCat(after.name(), " changed while it was being changed"));
  return LedgerStore().Post(sql, MovesOf(before, after), after.update_time);
}

}  // namespace tributary::incentive
