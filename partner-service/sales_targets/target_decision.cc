#include "partner-service/sales_targets/target_decision.h"

#include <utility>
#include <vector>

#include "common/rpc/call.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/fiscal_calendars/fiscal_calendar_store.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/sales_facts/sales_fact_store.h"
#include "partner-service/sales_targets/attainment.h"
#include "partner-service/sales_targets/sales_target_proto.h"
#include "partner-service/sales_targets/sales_target_store.h"
#include "partner-service/sanctions/consequences.h"

namespace tributary::partner {
namespace {

// Who does what nobody asked for.
constexpr std::string_view kItself = "partner-service";

absl::Status Act(rpc::Unit& unit, const Partner& partner, const SalesTarget& missed, const Attainment& attainment,
                 absl::Time now) {
  const Cause cause{.name = missed.name(),
                    .uid = missed.revision.uid,
                    .reason = StrCat("Reached ", attainment.reached.ToString(), " of ", missed.figure.ToString(),
                                     missed.currency.empty() ? "" : " ", missed.currency, " in ", missed.period),
                    .principal = std::string(kItself)};
  const DateRange days = {TodayOf(partner, now), OpenEnd()};
  switch (missed.consequence) {
    case MissConsequence::kNone:
    case MissConsequence::kNotice:
      return absl::OkStatus();  // told by the feed, or not at all
    case MissConsequence::kReview:
      return Consequences().ToReview(unit, partner, cause, now);
    case MissConsequence::kLevelAtRisk:
    case MissConsequence::kGrantAtRisk:
      return Consequences().Sanctioned(unit, partner, cause, SanctionKind::kWarning, days, now).status();
    case MissConsequence::kBlock:
      return Consequences().Sanctioned(unit, partner, cause, SanctionKind::kSuspension, days, now).status();
  }
  return absl::OkStatus();
}

// On the locked partner, then the locked target.
absl::StatusOr<bool> DecideOne(rpc::Unit& unit, const rpc::Expiry::Id& id, absl::Time now) {
  const SalesTargetStore targets;
  ASSIGN_OR_RETURN(const Partner partner, PartnerStore().GetForUpdate(unit.sql(), id.first));
  ASSIGN_OR_RETURN(const SalesTarget target, targets.GetForUpdate(unit.sql(), id.first, id.second));
  if (target.decide_time.has_value() || now < target.decision_due) return false;
  ASSIGN_OR_RETURN(const FiscalCalendar calendar, FiscalCalendarStore().Get(unit.sql(), target.calendar_id));
  ASSIGN_OR_RETURN(const std::vector<SalesTotal> totals, SalesFactStore().Totals(unit.sql(), QueryOf(target)));
  const Attainment attainment = partner::Evaluate(target, totals, TodayOf(calendar, now));
  const SalesTarget decided = Decided(target, attainment.outcome == TargetOutcome::kMissed, now);
  RETURN_IF_ERROR(targets.Update(unit.sql(), decided));
  unit.Emit(Told(decided.missed ? "missed" : "met", decided));
  // A partner that is no more has nothing to bear.
  if (decided.missed && partner.state != PartnerState::kTerminated) {
    RETURN_IF_ERROR(Act(unit, partner, decided, attainment, now));
  }
  return true;
}

}  // namespace

TargetDecision::TargetDecision(mysql::Database& database, const Clock& clock, std::function<void()> committed)
    : Expiry(database, clock,
             {.things = "sales targets",
              .due = [](mysql::Transaction& sql, absl::Time now,
                        int limit) { return SalesTargetStore().Due(sql, now, limit); },
              .end = DecideOne},
             std::move(committed)) {}

}  // namespace tributary::partner
