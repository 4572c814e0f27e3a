#include "incentive-service/statements/settlement.h"

#include <algorithm>
#include <utility>

#include "common/money/money.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"

namespace tributary::incentive {
namespace {

Standing StandingOf(const StatementItem& item, LedgerAccount settled_into) {
  return {{LedgerAccount::kStated, item.open()},
          {LedgerAccount::kWithheld, item.withheld},
          {LedgerAccount::kClawbackWaived, -item.waived},
          {settled_into, item.settled}};
}

}  // namespace

std::vector<StatementItem> ItemsOf(const Statement& statement) {
  std::vector<StatementItem> items;
  items.reserve(statement.entries.size() + statement.adjustments.size());
  for (const StatementEntry& entry : statement.entries) {
    items.push_back({.ordinal = entry.ordinal,
                     .program = entry.program,
                     .period = entry.scale.id,
                     .amount = entry.amount(),
                     .waived = entry.waives()});
  }
  for (const StatementAdjustment& adjustment : statement.adjustments) {
    items.push_back({.ordinal = adjustment.ordinal, .program = adjustment.program, .amount = adjustment.amount});
  }
  return items;
}

std::vector<LedgerEntry> MovesOf(const Statement& statement, LedgerKind kind, const std::vector<StatementItem>& before,
                                 const std::vector<StatementItem>& after, LedgerAccount settled_into) {
  std::vector<LedgerEntry> entries;
  for (size_t i = 0; i < after.size(); ++i) {
    const StatementItem& item = after[i];
    std::optional<LedgerEntry> entry = Move({.partner = statement.partner,
                                             .path = StrCat(statement.path(), "/entries/", item.ordinal),
                                             .program = item.program,
                                             .period = item.period,
                                             .statement = statement.number,
                                             .currency = statement.currency},
                                            kind, StandingOf(before[i], settled_into), StandingOf(item, settled_into));
    if (entry.has_value()) entries.push_back(*std::move(entry));
  }
  return entries;
}

std::vector<LedgerEntry> IssueOf(const Statement& statement) {
  const std::vector<StatementItem> after = ItemsOf(statement);
  std::vector<StatementItem> before = after;
  for (StatementItem& item : before) item.amount = item.waived = 0;
  return MovesOf(statement, LedgerKind::kIssue, before, after);
}

Statement WithItems(Statement statement, const std::vector<StatementItem>& items) {
  statement.settled = statement.withheld = 0;
  for (const StatementItem& item : items) {
    statement.settled += item.settled;
    statement.withheld += item.withheld;
  }
  return statement;
}

absl::StatusOr<Settlement> SettleItems(Statement statement, std::vector<StatementItem> items, const std::string& payee,
                                       std::string_view principal, absl::Time now) {
  const bool nothing =
      std::all_of(items.begin(), items.end(), [](const StatementItem& item) { return item.open() == 0; });
  if (statement.state == StatementState::kPartDisputed && nothing) {
    return WrongState(statement.name(), "settle", "PART_DISPUTED with nothing that is not disputed or settled",
                      "something to settle");
  }
  Settlement settlement;
  ASSIGN_OR_RETURN(settlement.statement, Settle(std::move(statement), principal, now));
  settlement.items = items;
  for (StatementItem& item : settlement.items) {
    settlement.first = settlement.first && item.settled == 0;
    settlement.amount += item.open();
    item.settled += item.open();
  }
  settlement.statement = WithItems(std::move(settlement.statement), settlement.items);
  Statement& settled = settlement.statement;
  if (settlement.amount != 0) settled.payments.push_back({payee, settlement.amount, UtcToday(now)});
  const LedgerAccount moved = settlement.amount < 0 ? LedgerAccount::kClawedBack : LedgerAccount::kPaid;
  const bool passed_on = payee != settled.partner;
  settlement.entries =
      MovesOf(settled, LedgerKind::kSettlement, items, settlement.items, passed_on ? LedgerAccount::kPassedOn : moved);
  if (passed_on) {
    settlement.entry_of_payee =
        Move({.partner = payee, .path = StrCat("wallets/", settled.currency), .currency = settled.currency},
             LedgerKind::kSettlement, {}, {{LedgerAccount::kPassedOn, -settlement.amount}, {moved, settlement.amount}});
  }
  return settlement;
}

absl::StatusOr<Settlement> DeductItems(Statement statement, std::vector<StatementItem> items, int64_t amount,
                                       std::string_view principal, absl::Time now) {
  int64_t open = 0;
  for (const StatementItem& item : items) open += item.open();
  const StatementState before = statement.state;
  Settlement settlement{.amount = amount};
  ASSIGN_OR_RETURN(settlement.statement, Settle(std::move(statement), principal, now));
  if (amount > open) {
    const std::string& currency = settlement.statement.currency;
    return Error(
        Reason::kAllocationExceeds,
        StrCat("amount: got ", FormatMinorUnits(amount, currency), ", want at most ", FormatMinorUnits(open, currency),
               " ", currency, ", what is open of ", settlement.statement.name()),
        {{"resource", settlement.statement.name()}});
  }
  if (amount < open) settlement.statement.state = before;
  settlement.items = items;
  int64_t left = amount;
  for (StatementItem& item : settlement.items) {
    settlement.first = settlement.first && item.settled == 0;
    const int64_t taken = amount == open ? item.open() : std::clamp<int64_t>(item.open(), 0, left);
    item.settled += taken;
    left -= taken;
  }
  settlement.statement = WithItems(std::move(settlement.statement), settlement.items);
  settlement.entries =
      MovesOf(settlement.statement, LedgerKind::kDeduction, items, settlement.items, LedgerAccount::kDeducted);
  return settlement;
}

absl::StatusOr<Settlement> UndeductItems(Statement statement, std::vector<StatementItem> items,
                                         const std::map<int, int64_t>& deducted, int64_t amount,
                                         std::string_view principal, absl::Time now) {
  int64_t settled = 0;
  for (const auto& [ordinal, of_item] : deducted) settled += of_item;
  Settlement settlement{.amount = -amount, .first = false};
  ASSIGN_OR_RETURN(settlement.statement, Unsettle(std::move(statement), principal, now));
  if (amount > settled) {
    const std::string& currency = settlement.statement.currency;
    return Error(Reason::kAllocationExceeds,
                 StrCat("amount: got ", FormatMinorUnits(amount, currency), ", want at most ",
                        FormatMinorUnits(settled, currency), " ", currency, ", what deductions have settled of ",
                        settlement.statement.name()),
                 {{"resource", settlement.statement.name()}});
  }
  settlement.items = items;
  int64_t left = amount;
  for (auto item = settlement.items.rbegin(); item != settlement.items.rend(); ++item) {
    const auto of_item = deducted.find(item->ordinal);
    if (of_item == deducted.end()) continue;
    const int64_t back = amount == settled ? of_item->second : std::clamp<int64_t>(of_item->second, 0, left);
    item->settled -= back;
    left -= back;
  }
  settlement.statement = WithItems(std::move(settlement.statement), settlement.items);
  settlement.entries =
      MovesOf(settlement.statement, LedgerKind::kDeduction, items, settlement.items, LedgerAccount::kDeducted);
  return settlement;
}

}  // namespace tributary::incentive
