#pragma once

// What closes say: entries of statements, made of the lines that count.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "incentive-service/accruals/baseline.h"
#include "incentive-service/accruals/counting.h"
#include "incentive-service/engine/carried.h"
#include "incentive-service/exchange_rates/exchange_rate.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/period_budgets/budget_use.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/scores/score_facts.h"
#include "incentive-service/statements/statement.h"

namespace tributary::incentive {

struct PartnerEntry {
  std::string partner;
  StatementEntry entry;
};

// The line of a statement of whoever earns by a fact.
StatementLine LineOf(const Program& program, const FactLine& line, size_t ordinal, int64_t share);

// What a line of an entry brings to its value, and by what its share goes: units where units are paid, what it earns
// where the days to pay decide, its margin where that is paid on, else its amount, converted; 0 where there is no rate,
// or no cost of what is measured by it.
Rational WeightOf(const Program& program, const StatementLine& line, const Rates& rates);

// Shares the entry's value out to its lines, and to what was brought along: that has what the lines' shares leave.
void ShareValue(const Program& program, const Rates& rates, StatementEntry* entry);

// What closing a payout period states.
struct StatedPeriod {
  std::vector<PartnerEntry> entries;  // by partner
  int64_t total = 0;                  // of their amounts, minor units
  int64_t lines = 0;
  int64_t other_currency_lines = 0;
  int64_t unpriced_lines = 0;
  std::vector<BudgetUse> budgets;  // what has become of them, of this period and of those that were closed before

  void Add(PartnerEntry entry);
};

// What earlier entries said of a period of the scale: by partner, minor units.
using StatedAmounts = std::map<std::string, int64_t>;

// What earlier entries said of free goods of a period: by partner, units.
using StatedGoods = std::map<std::string, Decimal>;

// One entry for each partner with a line that counts in the payout period, or to which the scale's period owes
// something; what was paid before the suite went live counts as stated. `lines`: those of the scale's period up to the
// end of the payout period, of all partners, in any order, with who earns by each; `baselines`: of the scale's period;
// below, `baseline`: the partner's. OVERFLOW where a value has left its range.
absl::StatusOr<StatedPeriod> StatePeriod(const Program& program, const Period& payout, std::vector<FactLine> lines,
                                         const Rates& rates, const StatedAmounts& stated,
                                         const Baselines& baselines = {}, const StatedGoods& stated_goods = {},
                                         const ScoreFacts& scores = {}, const CarriedInto& carried = {});

// What has become of a closed period, for one partner; it says nothing where it is worth what was stated. `lines`:
// those of the scale's period by which the partner earns; `close_period`: of the close that says it.
absl::StatusOr<StatementEntry> StateTrueUp(const Program& program, const Period& scale, const ClosedPeriod& close,
                                           const std::string& close_period, std::vector<FactLine> lines,
                                           const Rates& rates, int64_t stated,
                                           const std::optional<Baseline>& baseline = {}, Decimal stated_goods = {},
                                           const ScoreFigures& figures = {}, const Carried& carried = {});

// The same for all partners at once, of a program that pays money: one entry for each with a line that counts, or of
// whom something was stated, also where it says nothing. `lines`: those of the scale's period, in any order, with who
// earns by each.
absl::StatusOr<StatedPeriod> StateClosed(const Program& program, const Period& scale, const ClosedPeriod& close,
                                         const std::string& close_period, std::vector<FactLine> lines,
                                         const Rates& rates, const StatedAmounts& stated,
                                         const Baselines& baselines = {}, const ScoreFacts& scores = {});

// A line of a period, with what it has of the value, or why it has nothing.
struct JudgedLine {
  StatementLine line;
  std::optional<AbsenceReason> absent;
};
// All lines of one partner and those of others by which it earns, by (basis date, document, line). `lines`: those of
// the scale's period, as far as they are to be looked at; `partner`: who asks, so that its own lines by which others
// earn are told apart; empty: there are none.
absl::StatusOr<std::vector<JudgedLine>> JudgeLines(const Program& program, const ClosedPeriod* close,
                                                   std::vector<FactLine> lines, const Rates& rates,
                                                   const std::optional<Baseline>& baseline = {},
                                                   const ScoreFigures& figures = {}, std::string_view partner = {},
                                                   const Carried& carried = {});

// What late facts did to the value of a closed period, one by one as they were told; those told at once by name.
struct TrueUp {
  std::string fact;  // the name of the line, or of the line that a reversal took back
  absl::Time recorded_at;
  int64_t amount = 0;
  int64_t value_after = 0;
};
// `lines`: those of the scale's period by which the partner earns. The amounts sum to the value now less the value at
// the close, both by the figures of a score, by what is carried and by the matches of returns that are known now. None
// of a partner that was taken over.
absl::StatusOr<std::vector<TrueUp>> TrueUpsOf(const Program& program, const ClosedPeriod& close,
                                              std::vector<FactLine> lines, const Rates& rates,
                                              const std::optional<Baseline>& baseline = {},
                                              const ScoreFigures& figures = {}, const Carried& carried = {});

}  // namespace tributary::incentive
