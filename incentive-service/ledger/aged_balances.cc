#include "incentive-service/ledger/aged_balances.h"

#include <utility>

namespace tributary::incentive {

size_t AgeOf(int days) { return days <= 30 ? 0 : days <= 60 ? 1 : days <= 90 ? 2 : 3; }

std::vector<AgedBalance> Age(std::vector<OpenStatement> open, Date as_of) {
  std::vector<AgedBalance> balances;
  for (OpenStatement& statement : open) {
    if (balances.empty() || balances.back().currency != statement.currency) {
      balances.push_back({.currency = statement.currency});
    }
    AgedBalance& balance = balances.back();
    statement.age_days = as_of.days() - statement.issue_date.days();
    balance.by_age.at(AgeOf(statement.age_days)) += statement.open;
    balance.total += statement.open;
    balance.withheld += statement.withheld;
    balance.statements.push_back(std::move(statement));
  }
  return balances;
}

}  // namespace tributary::incentive
