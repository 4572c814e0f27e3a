#include "partner-service/tier_assignments/tier_review.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/rpc/call.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/partner_programs/partner_program_store.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/tier_assignments/tier_evaluator.h"
#include "partner-service/tier_assignments/tier_review_store.h"

namespace tributary::partner {
namespace {

// When the partner's next day begins.
absl::Time NextDay(const Partner& partner, absl::Time now) {
  absl::TimeZone zone = absl::UTCTimeZone();
  if (!partner.time_zone.empty()) absl::LoadTimeZone(Abseil(partner.time_zone), &zone);
  return absl::FromCivil(absl::ToCivilDay(now, zone) + 1, zone);
}

// On the locked partner, then its locked review.
absl::StatusOr<bool> Review(rpc::Unit& unit, const rpc::Expiry::Id& id, absl::Time now) {
  const TierReviewStore reviews;
  ASSIGN_OR_RETURN(const Partner partner, PartnerStore().GetForUpdate(unit.sql(), id.first));
  ASSIGN_OR_RETURN(const std::optional<absl::Time> due, reviews.Hold(unit.sql(), partner.id));
  if (!due.has_value() || now < *due) return false;
  const bool ended = partner.state == PartnerState::kTerminated;
  ASSIGN_OR_RETURN(const std::vector<PartnerProgram> programs,
                   PartnerProgramStore().All(unit.sql(), /*with_those_on_hold=*/ended));
  bool told = false;
  for (const PartnerProgram& program : programs) {
    ASSIGN_OR_RETURN(const TierEvaluated evaluated, TierEvaluator().Evaluate(unit, partner, program, now));
    told = told || (evaluated.outcome != TierOutcome::kUnchanged && evaluated.outcome != TierOutcome::kNotEvaluated);
  }
  // Who becomes ACTIVE again begins again.
  RETURN_IF_ERROR(partner.state == PartnerState::kActive ? reviews.Next(unit.sql(), partner.id, NextDay(partner, now))
                                                         : reviews.End(unit.sql(), partner.id));
  return told;
}

}  // namespace

TierReview::TierReview(mysql::Database& database, const Clock& clock, std::function<void()> committed)
    : Expiry(database, clock,
             {.things = "tier reviews",
              .due = [](mysql::Transaction& sql, absl::Time now,
                        int limit) { return TierReviewStore().Due(sql, now, limit); },
              .end = Review},
             std::move(committed)) {}

}  // namespace tributary::partner
