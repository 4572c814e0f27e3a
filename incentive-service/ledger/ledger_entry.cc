#include "incentive-service/ledger/ledger_entry.h"

#include <utility>

namespace tributary::incentive {

std::string_view NameOf(LedgerAccount account) {
  switch (account) {
    case LedgerAccount::kCost:
      return "COST";
    case LedgerAccount::kStated:
      return "STATED";
    case LedgerAccount::kWithheld:
      return "WITHHELD";
    case LedgerAccount::kClaimed:
      return "CLAIMED";
    case LedgerAccount::kApproved:
      return "APPROVED";
    case LedgerAccount::kPaid:
      return "PAID";
    case LedgerAccount::kClawedBack:
      return "CLAWED_BACK";
    case LedgerAccount::kExpired:
      return "EXPIRED";
    case LedgerAccount::kPaidOut:
      return "PAID_OUT";
    case LedgerAccount::kDeducted:
      return "DEDUCTED";
    case LedgerAccount::kBudgetOverrun:
      return "BUDGET_OVERRUN";
    case LedgerAccount::kPassedOn:
      return "PASSED_ON";
    case LedgerAccount::kClawbackWaived:
      return "CLAWBACK_WAIVED";
    case LedgerAccount::kAccrued:
      return "ACCRUED";
    case LedgerAccount::kExchanged:
      return "EXCHANGED";
  }
  return {};
}

std::string_view NameOf(LedgerKind kind) {
  switch (kind) {
    case LedgerKind::kIssue:
      return "ISSUE";
    case LedgerKind::kDispute:
      return "DISPUTE";
    case LedgerKind::kResolution:
      return "RESOLUTION";
    case LedgerKind::kSettlement:
      return "SETTLEMENT";
    case LedgerKind::kClaim:
      return "CLAIM";
    case LedgerKind::kApproval:
      return "APPROVAL";
    case LedgerKind::kRefusal:
      return "REFUSAL";
    case LedgerKind::kPayment:
      return "PAYMENT";
    case LedgerKind::kOpening:
      return "OPENING";
    case LedgerKind::kExpiry:
      return "EXPIRY";
    case LedgerKind::kCorrection:
      return "CORRECTION";
    case LedgerKind::kPayout:
      return "PAYOUT";
    case LedgerKind::kReturn:
      return "RETURN";
    case LedgerKind::kDeduction:
      return "DEDUCTION";
    case LedgerKind::kWriteOff:
      return "WRITE_OFF";
    case LedgerKind::kOverrun:
      return "OVERRUN";
    case LedgerKind::kAccrual:
      return "ACCRUAL";
  }
  return {};
}

std::optional<LedgerEntry> Move(LedgerItem item, LedgerKind kind, const Standing& before, const Standing& after) {
  Standing moved = after;
  for (const auto& [account, amount] : before) moved[account] -= amount;
  int64_t from_cost = 0;
  for (const auto& [account, amount] : moved) from_cost -= amount;
  moved[LedgerAccount::kCost] = from_cost;
  LedgerEntry entry{.item = std::move(item), .kind = kind};
  for (const auto& [account, amount] : moved) {
    if (amount != 0) entry.legs.push_back({.account = account, .amount = amount});
  }
  if (entry.legs.empty()) return std::nullopt;
  return entry;
}

}  // namespace tributary::incentive
