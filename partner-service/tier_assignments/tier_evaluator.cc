#include "partner-service/tier_assignments/tier_evaluator.h"

#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "common/status/status.h"
#include "partner-service/sales_targets/attainment.h"
#include "partner-service/tier_assignments/tier_assignment_proto.h"

namespace tributary::partner {
namespace {

// A criterion of sales as a target for the days, so that it counts what a target counts.
SalesTarget AsTarget(const Partner& partner, const LevelCriterion& criterion, const DateRange& days) {
  return {.partner_id = partner.id,
          .basis = criterion.basis,
          .days = days,
          .product_lines = criterion.product_lines,
          .currency = criterion.currency,
          .figure = criterion.want};
}

std::string_view VerbOf(TierOutcome outcome) {
  switch (outcome) {
    case TierOutcome::kNoticed:
      return "noticed";
    case TierOutcome::kNoticeWithdrawn:
      return "kept";
    default:
      return "ended";
  }
}

}  // namespace

absl::StatusOr<std::vector<TierFigures>> TierEvaluator::Measure(mysql::Transaction& sql, const Partner& partner,
                                                                const PartnerProgram& program, absl::Time now) const {
  const Date today = TodayOf(partner, now);
  std::vector<FiscalPeriod> periods;
  if (program.period_kind.has_value()) {
    ASSIGN_OR_RETURN(periods, calendars_.LastBegun(sql, program.calendar_id, *program.period_kind, today, 2));
  }
  std::vector<TierFigures> measured;
  for (const DateRange& days : DaysLookedAt(program, periods, today)) measured.push_back({.days = days});
  if (measured.empty()) measured.emplace_back();

  // Levels ask for more of the same: each question is put once.
  std::map<std::string, int64_t> holders;
  std::optional<int> active_days;
  for (TierFigures& of_days : measured) {
    std::map<std::tuple<TargetBasis, std::vector<std::string>>, std::vector<SalesTotal>> sales;
    for (const ProgramLevel& level : program.levels) {
      std::vector<CriterionFigure>& figures = of_days.figures.emplace_back();
      for (const LevelCriterion& criterion : level.criteria) {
        CriterionFigure& figure = figures.emplace_back();
        if (criterion.kind == CriterionKind::kCertificates) {
          if (!holders.contains(criterion.course_id)) {
            ASSIGN_OR_RETURN(holders[criterion.course_id],
                             certificates_.CountHolders(sql, partner.id, criterion.course_id, today));
          }
          figure.got = Decimal::FromInt(holders[criterion.course_id]);
        } else if (criterion.kind == CriterionKind::kActiveDays) {
          if (!active_days.has_value()) {
            ASSIGN_OR_RETURN(const std::vector<ActiveSpan> spans, activity_.SpansOf(sql, partner));
            active_days = ActiveDays(partner, spans, now);
          }
          figure.got = Decimal::FromInt(*active_days);
        } else if (of_days.days.has_value()) {
          const SalesTarget target = AsTarget(partner, criterion, *of_days.days);
          const auto [totals, fresh] = sales.try_emplace({criterion.basis, criterion.product_lines});
          if (fresh) {
            ASSIGN_OR_RETURN(totals->second, facts_.Totals(sql, QueryOf(target)));
          }
          const Attainment attainment = partner::Evaluate(target, totals->second, today);
          figure.got = attainment.reached;
          for (const SalesTotal& total : attainment.unpriced) figure.unpriced_facts += total.facts;
        }
      }
    }
  }
  return measured;
}

absl::StatusOr<TierEvaluated> TierEvaluator::Evaluate(rpc::Unit& unit, const Partner& partner,
                                                      const PartnerProgram& program, absl::Time now) const {
  ASSIGN_OR_RETURN(const std::optional<TierAssignment> current,
                   assignments_.Current(unit.sql(), partner.id, program.id));
  std::vector<LevelFinding> findings;
  if (partner.state == PartnerState::kActive) {
    ASSIGN_OR_RETURN(const std::vector<TierFigures> figures, Measure(unit.sql(), partner, program, now));
    findings = FindLevels(program, figures);
  }
  TierDecision decision = Decide(partner, program, findings, current, TodayOf(partner, now), now);
  TierEvaluated evaluated{.outcome = decision.outcome, .assignment = current};
  if (decision.changed.has_value()) {
    RETURN_IF_ERROR(assignments_.Update(unit.sql(), *decision.changed));
    unit.Emit(Told(VerbOf(decision.outcome), *decision.changed));
    evaluated.assignment = std::move(decision.changed);
  }
  if (decision.made.has_value()) {
    RETURN_IF_ERROR(assignments_.Create(unit.sql(), *decision.made));
    unit.Emit(Told(decision.outcome == TierOutcome::kPromoted ? "promoted" : "demoted", *decision.made));
    evaluated.assignment = std::move(decision.made);
  }
  return evaluated;
}

}  // namespace tributary::partner
