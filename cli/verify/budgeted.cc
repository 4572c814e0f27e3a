#include "cli/verify/budgeted.h"

#include <algorithm>
#include <map>
#include <utility>

namespace tributary::cli::verify {
namespace {

Fraction Units(const Integer& whole) { return {whole, 1}; }

// What the lines of the days before `day` ask for, with `with` those of the day itself too.
Integer AskedBefore(const std::string& day, bool with, const Integer& asked, const std::vector<BudgetedLine>& lines) {
  std::map<std::string, Fraction> days;
  for (const BudgetedLine& line : lines) days[line.date] = Plus(days[line.date], line.weight);
  const auto within = [&](const std::string& date) { return with ? date <= day : date < day; };
  Fraction sum;
  std::vector<std::pair<bool, Fraction>> sums;  // whether the day is within, and what came together up to it
  for (const auto& [date, weight] : days) {
    sum = Plus(sum, weight);
    sums.emplace_back(within(date), sum);
  }
  if (sums.empty()) return 0;
  if (sum.num <= 0) return sums.back().first ? asked : Integer(0);
  // The least that it ever falls to from the last day within on.
  std::optional<Fraction> least;
  for (auto at = sums.rbegin(); at != sums.rend(); ++at) {
    if (!least.has_value() || Less(at->second, *least)) least = at->second;
    if (at->first) return least->num > 0 ? Floor(Times(Units(asked), Over(*least, sum))) : Integer(0);
  }
  return 0;
}

}  // namespace

BudgetedWork WorkOutBudget(const StatedBudget& stated, const Integer& asked, const Integer& before,
                           const std::vector<BudgetedLine>& lines) {
  BudgetedWork work;
  const auto want = [&](bool holds, std::string what) {
    if (!holds) work.differences.push_back(std::move(what));
  };
  const std::string share = "share: stated " + stated.share.str() + " smallest units of " + asked.str();
  want(stated.share >= 0 && stated.share <= asked, share);
  if (stated.by_event) {
    want(!stated.factor.has_value(), "a factor, though the budget is paid out by events");
    const std::string& day = stated.used_up_on;
    const Integer least = day.empty() ? asked : AskedBefore(day, false, asked, lines);
    const Integer most = day.empty() ? asked : AskedBefore(day, true, asked, lines);
    want(least <= stated.share && stated.share <= most, share + ", worked out " + least.str() + " to " + most.str() +
                                                            " by " + (day.empty() ? "a budget that suffices" : day));
  } else {
    want(stated.used_up_on.empty(), "a day, though the budget is paid out pro rata");
    const Fraction factor = stated.factor.value_or(Fraction());
    want(stated.factor.has_value() && factor.num >= 0 && !Less({1, 1}, factor), "factor: want one from 0 to 1");
    const Fraction exact = Times(Units(asked), factor);
    const Fraction off = Minus(Units(stated.share), exact);
    const Fraction most = Plus({1, 1}, {asked, 2 * Unit()});
    want(!Less(most, {abs(off.num), off.den}), share + ", worked out " + Floor(exact).str() + " or one more");
  }
  work.value = std::max(stated.share, std::min(before, asked));
  return work;
}

}  // namespace tributary::cli::verify
