#include "incentive-service/ledger/accrued.h"

#include "common/text/text.h"

namespace tributary::incentive {
namespace {

int64_t AmountAt(const AccruedAmounts& amounts, const AccruedAmounts::key_type& key) {
  const auto amount = amounts.find(key);
  return amount == amounts.end() ? 0 : amount->second;
}

}  // namespace

AccruedAmounts UnstatedOf(absl::Span<const UnstatedAccrual> accruals) {
  std::map<AccruedAmounts::key_type, const UnstatedAccrual*> last;
  for (const UnstatedAccrual& accrual : accruals) {
    const auto [known, first] = last.try_emplace({accrual.partner, accrual.scale}, &accrual);
    if (!first && known->second->start < accrual.start) known->second = &accrual;
  }
  AccruedAmounts amounts;
  for (const auto& [key, accrual] : last) amounts.emplace(key, accrual->amount);
  return amounts;
}

std::vector<AccruedMove> AccruedMovesOf(const std::string& program, const std::string& currency,
                                        const AccruedAmounts& entered, const AccruedAmounts& unstated,
                                        const AccruedAmounts& drafted) {
  AccruedAmounts after = unstated;
  for (const auto& [key, amount] : drafted) after[key] += amount;
  for (const auto& [key, amount] : entered) after.try_emplace(key, 0);
  std::vector<AccruedMove> moves;
  for (const auto& [key, amount] : after) {
    const int64_t before = AmountAt(entered, key);
    if (before == amount) continue;
    moves.push_back({.partner = key.first,
                     .program = program,
                     .period = key.second,
                     .currency = currency,
                     .before = before,
                     .after = amount});
  }
  return moves;
}

std::map<std::pair<std::string, std::string>, int64_t> SaidByPeriod(const Statement& statement) {
  std::map<std::pair<std::string, std::string>, int64_t> said;
  for (const StatementEntry& entry : statement.entries) said[{entry.program, entry.scale.id}] += entry.amount();
  return said;
}

std::optional<LedgerEntry> EntryOf(const AccruedMove& move) {
  return Move({.partner = move.partner,
               .path = StrCat("accruals/", move.program, ".", move.period),
               .program = move.program,
               .period = move.period,
               .currency = move.currency},
              LedgerKind::kAccrual, {{LedgerAccount::kAccrued, move.before}}, {{LedgerAccount::kAccrued, move.after}});
}

}  // namespace tributary::incentive
