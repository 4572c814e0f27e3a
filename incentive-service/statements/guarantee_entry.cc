#include "incentive-service/statements/guarantee_entry.h"

#include <utility>

#include "common/money/money.h"
#include "common/money/rational.h"

namespace tributary::incentive {

GuaranteeTerms GuaranteeTermsOf(const Program& program) {
  // CheckTerms has seen that the amount is in whole smallest units.
  return {
      .guarantee =
          ToMinorUnits(Rational(program.guarantee->amount), program.terms.currency, Rounding::kHalfEven).value_or(0),
      .cumulative = program.guarantee->cumulative,
      .recoupable = program.guarantee->recoupable};
}

std::vector<Period> PeriodsUpTo(const Program& program, const Period& last) {
  std::vector<Period> periods;
  for (Date day = program.effective.start; day <= last.range.start; day = periods.back().range.end) {
    periods.push_back(PeriodOf(program.period, day));
  }
  return periods;
}

std::vector<StatementEntry> StateGuarantee(const Program& program, absl::Span<const Period> periods,
                                           const std::optional<Period>& closing, const std::string& close_period,
                                           const SaidOfPeriods& said) {
  std::vector<GuaranteePeriod> worked;
  worked.reserve(periods.size());
  for (const Period& period : periods) {
    const auto known = said.find(period.id);
    const SaidOfPeriod of_period = known == said.end() ? SaidOfPeriod() : known->second;
    worked.push_back({period.id, of_period.earned, of_period.guaranteed});
  }
  const std::vector<GuaranteeResult> results = ApplyGuarantee(GuaranteeTermsOf(program), worked);
  std::vector<StatementEntry> entries;
  for (size_t i = 0; i < periods.size(); ++i) {
    const GuaranteeResult& result = results[i];
    if (result.pay == 0 && !(closing.has_value() && *closing == periods[i])) continue;
    StatementEntry entry{.kind = StatementEntryKind::kGuarantee,
                         .program = program.id,
                         .program_version = program.version,
                         .scale = periods[i],
                         .counted_until = periods[i].range.end,
                         .close_period = close_period,
                         .value = worked[i].paid + result.pay,
                         .stated_before = worked[i].paid};
    entry.guarantee = {worked[i].earned, result.carry_before, result.top_up, result.recouped, result.carry};
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace tributary::incentive
