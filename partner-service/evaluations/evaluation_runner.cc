#include "partner-service/evaluations/evaluation_runner.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/digest/sha256.h"
#include "common/events/consumer.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/evaluations/evaluation_proto.h"
#include "partner-service/sales_targets/attainment.h"

namespace tributary::partner {
namespace {

int64_t UnpricedFacts(const Attainment& attainment) {
  int64_t facts = 0;
  for (const SalesTotal& total : attainment.unpriced) facts += total.facts;
  return facts;
}

// Whether it was answered and never opened again.
bool Settled(const SupportRequest& request) {
  const bool answered = request.state == SupportState::kAnswered || request.state == SupportState::kConfirmed;
  return answered && std::none_of(request.steps.begin(), request.steps.end(),
                                  [](const SupportStep& step) { return step.verb == "reopened"; });
}

Reading Count(std::string subject, int64_t got) {
  return {.subject = std::move(subject), .got = Decimal::FromInt(got)};
}
Reading Share(int64_t got, int64_t of) { return {.got = Decimal::FromInt(got), .of = Decimal::FromInt(of)}; }

}  // namespace

absl::StatusOr<std::vector<Reading>> EvaluationRunner::ReadAttainment(mysql::Transaction& sql, const Partner& partner,
                                                                      const Span& span) const {
  ASSIGN_OR_RETURN(const std::vector<SalesTarget> targets, targets_.Within(sql, partner.id, span.days));
  std::vector<Reading> readings;
  for (const SalesTarget& target : targets) {
    // Its own whole counts it already; of what has not begun nothing can be said.
    if (PartnerOf(target.parent) == partner.id || target.days.start >= span.counted.end) continue;
    ASSIGN_OR_RETURN(const std::vector<SalesTotal> totals, facts_.Totals(sql, QueryOf(target)));
    const Attainment attainment = partner::Evaluate(target, totals, span.last());
    readings.push_back({.subject = target.name(),
                        .got = attainment.reached,
                        .of = target.figure,
                        .facts = attainment.facts,
                        .unpriced_facts = UnpricedFacts(attainment)});
  }
  return readings;
}

absl::StatusOr<std::vector<Reading>> EvaluationRunner::ReadSales(mysql::Transaction& sql, const Partner& partner,
                                                                 const ScoreComponent& component,
                                                                 const Span& span) const {
  // As a target for the days, so that it counts what a target counts.
  const SalesTarget target{.partner_id = partner.id,
                           .basis = *component.basis,
                           .days = span.days,
                           .product_lines = component.product_lines,
                           .currency = component.currency};
  ASSIGN_OR_RETURN(const std::vector<SalesTotal> totals, facts_.Totals(sql, QueryOf(target)));
  const Attainment attainment = partner::Evaluate(target, totals, span.last());
  return std::vector<Reading>{
      {.got = attainment.reached, .facts = attainment.facts, .unpriced_facts = UnpricedFacts(attainment)}};
}

absl::StatusOr<std::vector<Reading>> EvaluationRunner::ReadSupport(mysql::Transaction& sql, const Partner& partner,
                                                                   const Span& span) const {
  ASSIGN_OR_RETURN(const std::vector<SupportRequest> asked,
                   support_requests_.AskedWithin(sql, partner.id, span.start, span.end));
  return std::vector{Share(std::count_if(asked.begin(), asked.end(), Settled), static_cast<int64_t>(asked.size()))};
}

absl::StatusOr<std::vector<Reading>> EvaluationRunner::ReadAgreements(mysql::Transaction& sql, const Partner& partner,
                                                                      const Span& span) const {
  ASSIGN_OR_RETURN(const std::vector<Agreement> agreements, agreements_.OfPartner(sql, partner.id));
  int64_t in_force = 0;
  for (Date day = span.counted.start; day < span.counted.end; day = day.AddDays(1)) {
    in_force += AnyInForce(agreements, day);
  }
  return std::vector{Share(in_force, span.counted.end.days() - span.counted.start.days())};
}

absl::StatusOr<std::vector<Reading>> EvaluationRunner::Read(mysql::Transaction& sql, const Partner& partner,
                                                            const ScoreComponent& component, const Span& span) const {
  switch (component.measure) {
    case ScoreMeasure::kAttainment:
      return ReadAttainment(sql, partner, span);
    case ScoreMeasure::kSales:
      return ReadSales(sql, partner, component, span);
    case ScoreMeasure::kCertificates: {
      ASSIGN_OR_RETURN(const int64_t holders,
                       certificates_.CountHolders(sql, partner.id, component.course_id, span.last()));
      return std::vector{Count(StrCat("courses/", component.course_id), holders)};
    }
    case ScoreMeasure::kSupport:
      return ReadSupport(sql, partner, span);
    case ScoreMeasure::kActivities: {
      ASSIGN_OR_RETURN(const int64_t shared,
                       activities_.CountShared(sql, partner.id, component.activity_kind, span.counted));
      return std::vector{Count("", shared)};
    }
    case ScoreMeasure::kFollowUps: {
      ASSIGN_OR_RETURN(const ActivityStore::FollowUpCount due,
                       activities_.CountFollowUps(sql, partner.id, span.counted));
      return std::vector{Share(due.done, due.due)};
    }
    case ScoreMeasure::kTier: {
      ASSIGN_OR_RETURN(const std::optional<TierAssignment> held,
                       tiers_.HeldOn(sql, partner.id, component.program_id, span.last()));
      if (!held.has_value()) return std::vector<Reading>();
      return std::vector{Count(held->name(), held->rank)};
    }
    case ScoreMeasure::kAgreements:
      return ReadAgreements(sql, partner, span);
  }
  return std::vector<Reading>();
}

absl::StatusOr<WorkedOut> EvaluationRunner::WorkOut(mysql::Transaction& sql, const Partner& partner,
                                                    const ScorecardTemplate& scorecard_template,
                                                    const FiscalCalendar& calendar, const Evaluation& evaluation,
                                                    absl::Time now) const {
  const Date begun = TodayOf(calendar, now).AddDays(1);
  const Span span{.days = evaluation.days,
                  .counted = {evaluation.days.start, std::clamp(begun, evaluation.days.start, evaluation.days.end)},
                  .start = StartOf(calendar, evaluation.days.start),
                  .end = StartOf(calendar, evaluation.days.end)};
  // How far the feed was read is read first: the facts may be further, never behind.
  ASSIGN_OR_RETURN(const std::vector<events::Cursor> cursors, events::AppliedCursors(sql, "inventory"));
  WorkedOut worked_out{.counted_to = span.last()};
  for (const events::Cursor& cursor : cursors) {
    if (cursor.shard == events::ShardOf(partner.id)) worked_out.inventory_cursor = cursor.seq;
  }
  std::vector<std::vector<Reading>> readings(scorecard_template.components.size());
  for (size_t i = 0; i < readings.size() && span.begun(); ++i) {
    ASSIGN_OR_RETURN(readings[i], Read(sql, partner, scorecard_template.components[i], span));
  }
  ASSIGN_OR_RETURN(const std::optional<Evaluation> last,
                   evaluations_.LastPublished(sql, partner.id, scorecard_template.first_id));
  std::optional<PreviousScore> previous;
  if (last.has_value()) previous = PreviousOf(last->name(), last->scorecard);
  worked_out.scorecard = Score(scorecard_template, readings, previous);
  worked_out.inputs_sha256 = Sha256Hex(InputsToBytes(scorecard_template, worked_out.scorecard));
  return worked_out;
}

}  // namespace tributary::partner
