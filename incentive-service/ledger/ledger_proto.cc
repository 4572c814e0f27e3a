#include "incentive-service/ledger/ledger_proto.h"

#include <charconv>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"

namespace tributary::incentive {

absl::StatusOr<LedgerKey> ParseLedgerEntryName(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids,
                   ParseResourceName(name, "partners/{partner}/ledgerEntries/{ledger_entry}"));
  LedgerKey key{std::move(ids[0])};
  const char* const end = ids[1].data() + ids[1].size();
  const auto [parsed, error] = std::from_chars(ids[1].data(), end, key.number);
  if (error != std::errc() || parsed != end || ids[1].front() < '1') return NotFound(name);
  return key;
}

v1::LedgerEntry ToProto(const LedgerEntry& entry) {
  const LedgerItem& item = entry.item;
  v1::LedgerEntry message;
  message.set_name(entry.name());
  *message.mutable_entry_time() = wire::ToProto(entry.entry_time);
  message.set_kind(static_cast<v1::LedgerEntry::Kind>(entry.kind));
  message.set_item(StrCat("partners/", item.partner, "/", item.path));
  if (!item.program.empty()) message.set_program(StrCat("programs/", item.program));
  message.set_period(item.period);
  if (item.statement > 0) message.set_statement(StrCat("partners/", item.partner, "/statements/", item.statement));
  message.set_currency(item.currency);
  for (const LedgerLeg& leg : entry.legs) {
    v1::LedgerEntry::Leg& next = *message.add_legs();
    next.set_account(static_cast<v1::LedgerEntry::Account>(leg.account));
    *next.mutable_amount() = MoneyToProto(leg.amount, item.currency);
    next.set_account_seq(leg.account_seq);
    *next.mutable_balance_after() = MoneyToProto(leg.balance_after, item.currency);
  }
  return message;
}

v1::AgedBalances ToProto(std::string_view partner, const std::vector<AgedBalance>& balances, Date as_of) {
  v1::AgedBalances message;
  message.set_name(StrCat("partners/", partner, "/agedBalances"));
  *message.mutable_as_of() = wire::ToProto(as_of);
  for (const AgedBalance& balance : balances) {
    v1::AgedBalances::Balance& next = *message.add_balances();
    const auto money = [&](int64_t amount) { return MoneyToProto(amount, balance.currency); };
    *next.mutable_days_0_to_30() = money(balance.by_age[0]);
    *next.mutable_days_31_to_60() = money(balance.by_age[1]);
    *next.mutable_days_61_to_90() = money(balance.by_age[2]);
    *next.mutable_days_over_90() = money(balance.by_age[3]);
    *next.mutable_total() = money(balance.total);
    *next.mutable_withheld() = money(balance.withheld);
    for (const OpenStatement& statement : balance.statements) {
      v1::AgedBalances::OpenStatement& open = *next.add_statements();
      open.set_statement(StrCat("partners/", partner, "/statements/", statement.number));
      *open.mutable_issue_date() = wire::ToProto(statement.issue_date);
      open.set_age_days(statement.age_days);
      *open.mutable_open() = money(statement.open);
    }
  }
  return message;
}

v1::AccruedBalances ToProto(std::string_view partner, const std::vector<AccruedBalance>& balances, Date as_of) {
  v1::AccruedBalances message;
  message.set_name(StrCat("partners/", partner, "/accruedBalances"));
  *message.mutable_as_of() = wire::ToProto(as_of);
  std::map<std::string, int64_t> totals;  // by currency
  for (const AccruedBalance& balance : balances) {
    v1::AccruedBalances::Balance& next = *message.add_balances();
    next.set_program(StrCat("programs/", balance.program));
    next.set_period(balance.period);
    *next.mutable_accrued() = MoneyToProto(balance.amount, balance.currency);
    *next.mutable_entry_time() = wire::ToProto(balance.entry_time);
    totals[balance.currency] += balance.amount;
  }
  for (const auto& [currency, total] : totals) *message.add_totals() = MoneyToProto(total, currency);
  return message;
}

}  // namespace tributary::incentive
