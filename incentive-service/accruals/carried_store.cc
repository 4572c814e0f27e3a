#include "incentive-service/accruals/carried_store.h"

#include <map>
#include <utility>
#include <vector>

#include "common/status/status.h"

namespace tributary::incentive {

absl::StatusOr<CarriedInto> CarriedStore::Into(mysql::Transaction& sql, const Program& program, const Period& scale,
                                               const std::optional<std::string>& partner, Date until) const {
  CarriedInto carried;
  ASSIGN_OR_RETURN(auto volumes, volumes_.Into(sql, program.id, scale.id, partner, until));
  for (auto& [whose, volume] : volumes) carried[whose].opening = std::move(volume);
  const DateRange before{program.effective.start, scale.range.start};
  if (!program.terms.carry_negative || before.end <= before.start) return carried;
  if (program.reads_lines()) return OfLines(sql, program, before, partner);
  ASSIGN_OR_RETURN(auto sums, accruals_.SumsByPeriod(sql, program.id, before, partner));
  for (auto& [whose, periods] : sums) {
    for (PeriodSum& sum : periods) carried[whose].Add(std::move(sum));
  }
  return carried;
}

absl::StatusOr<CarriedInto> CarriedStore::OfLines(mysql::Transaction& sql, const Program& program,
                                                  const DateRange& days,
                                                  const std::optional<std::string>& partner) const {
  ASSIGN_OR_RETURN(std::vector<FactLine> lines, facts_.LinesFor(sql, program, days, partner));
  std::map<Date, Period> periods;  // by first day, as are the next
  std::map<Date, std::vector<FactLine>> of_period;
  for (FactLine& line : lines) {
    const Date day = line.BasisDate(program.basis);
    if (!program.HasDay(day)) continue;
    Period period = PeriodOf(program.period, day);
    of_period[period.range.start].push_back(std::move(line));
    periods.try_emplace(period.range.start, std::move(period));
  }
  std::vector<Period> all;
  for (const auto& [first, period] : periods) all.push_back(period);
  ASSIGN_OR_RETURN(const ClosedPeriods closes, closes_.Closed(sql, program, all));
  std::map<std::pair<std::string, Date>, AccrualSums> sums;  // by partner and first day
  for (auto& [first, own] : of_period) {
    const ClosedPeriod* close = Find(closes, program, periods.at(first));
    RETURN_IF_ERROR(standings_.Attribute(sql, program, close, partner, &own));
    for (const FactLine& line : own) sums[{line.partner, first}].Add(SumsOf(program, line, close));
  }
  CarriedInto carried;
  for (const auto& [key, sum] : sums) {
    if (sum.lines > 0) carried[key.first].Add({periods.at(key.second).id, sum.amount, sum.quantity});
  }
  return carried;
}

}  // namespace tributary::incentive
