#include "incentive-service/opening_balances/opening_balance.h"

#include <set>

#include "common/text/text.h"

namespace tributary::incentive {

std::vector<FieldViolation> CheckOpeningBalance(const OpeningBalance& balance, Date latest_today,
                                                std::string_view field) {
  std::vector<FieldViolation> violations;
  if (balance.date > latest_today) {
    violations.push_back({StrCat(field, ".date"), balance.date.ToString(), "a day that has begun"});
  }
  std::set<std::string_view> ids;
  for (size_t i = 0; i < balance.lots.size(); ++i) {
    const Lot& lot = balance.lots[i];
    const std::string path = StrCat(field, ".wallet_lots[", i, "]");
    if (!ids.insert(lot.id).second) violations.push_back({path + ".lot", lot.id, "each lot once"});
    if (lot.amount <= 0) violations.push_back({path + ".amount", StrCat(lot.amount), "more than 0"});
    if (lot.credit_date > balance.date) {
      violations.push_back({path + ".credit_date", lot.credit_date.ToString(),
                            StrCat("at latest ", balance.date.ToString(), ", the day of the balance")});
    }
  }
  return violations;
}

std::optional<LedgerEntry> MoveOf(const OpeningBalance& balance) {
  int64_t credited = 0;
  for (const Lot& lot : balance.lots) credited += lot.amount;
  return Move({.partner = balance.partner, .path = balance.path(), .currency = balance.currency}, LedgerKind::kOpening,
              {}, {{LedgerAccount::kPaid, credited}});
}

}  // namespace tributary::incentive
