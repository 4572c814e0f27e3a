#include "partner-service/evaluations/evaluation_review.h"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/rpc/call.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/evaluations/evaluation_proto.h"
#include "partner-service/evaluations/evaluation_review_store.h"
#include "partner-service/evaluations/evaluation_runner.h"
#include "partner-service/scorecards/scorecard_template_store.h"
#include "tributary/partner/v1/activity.pb.h"
#include "tributary/partner/v1/agreement.pb.h"
#include "tributary/partner/v1/certificate.pb.h"
#include "tributary/partner/v1/sales_target.pb.h"
#include "tributary/partner/v1/support_request.pb.h"
#include "tributary/partner/v1/tier_assignment.pb.h"

namespace tributary::partner {
namespace {

constexpr absl::Duration kEvery = absl::Milliseconds(250);

// What evaluations are made of, beside inventory's facts, and what they are compared with.
const std::vector<std::string>& FollowedPayloads() {
  const auto name = [](const auto* descriptor) { return std::string(descriptor->full_name()); };
  static const auto& payloads =
      *new std::vector<std::string>{name(v1::Activity::descriptor()),       name(v1::Agreement::descriptor()),
                                    name(v1::Certificate::descriptor()),    name(v1::SalesTarget::descriptor()),
                                    name(v1::SupportRequest::descriptor()), name(v1::TierAssignment::descriptor())};
  return payloads;
}

absl::Status AskFor(mysql::Transaction& sql, absl::Span<const events::Event> events) {
  std::set<std::string> partner_ids;
  for (const events::Event& event : events) partner_ids.emplace(PartnerOf(event.name));
  return EvaluationReviewStore().Ask(sql, {partner_ids.begin(), partner_ids.end()});
}

// On the locked partner, then its locked review.
absl::StatusOr<bool> Review(rpc::Unit& unit, const rpc::Expiry::Id& id, absl::Time now) {
  const EvaluationReviewStore reviews;
  const EvaluationStore evaluations;
  ASSIGN_OR_RETURN(const Partner partner, PartnerStore().GetForUpdate(unit.sql(), id.first));
  ASSIGN_OR_RETURN(const std::optional<absl::Time> due, reviews.Hold(unit.sql(), id.first, id.second));
  if (!due.has_value() || now < *due) return false;
  ASSIGN_OR_RETURN(const Evaluation evaluation, evaluations.GetForUpdate(unit.sql(), id.first, id.second));
  ASSIGN_OR_RETURN(const ScorecardTemplate scorecard_template,
                   ScorecardTemplateStore().Get(unit.sql(), evaluation.template_id));
  ASSIGN_OR_RETURN(const FiscalCalendar calendar,
                   FiscalCalendarStore().Get(unit.sql(), scorecard_template.calendar_id));
  ASSIGN_OR_RETURN(WorkedOut worked_out,
                   EvaluationRunner().WorkOut(unit.sql(), partner, scorecard_template, calendar, evaluation, now));
  RETURN_IF_ERROR(reviews.Next(unit.sql(), id.first, id.second, NextDayOf(calendar, now), now));
  if (!Differs(evaluation, worked_out)) return false;
  ASSIGN_OR_RETURN(const Evaluation next, Run(evaluation, std::move(worked_out), now));
  RETURN_IF_ERROR(evaluations.Update(unit.sql(), next));
  unit.Emit(Told("updated", next));
  return true;
}

}  // namespace

EvaluationFollower::EvaluationFollower(mysql::Database& database, events::Feed& feed)
    : FeedWatch(
          database, feed,
          {.name = "what evaluations are made of", .cursor_table = "evaluation_cursor", .types = FollowedPayloads()},
          [](mysql::Transaction& sql, const events::ShardRange&, absl::Span<const events::Event> events,
             events::Outbox&) { return AskFor(sql, events); },
          [] {}) {}

EvaluationReview::EvaluationReview(mysql::Database& database, const Clock& clock, std::function<void()> committed)
    : Expiry(database, clock,
             {.things = "evaluations",
              .due = [](mysql::Transaction& sql, absl::Time now,
                        int limit) { return EvaluationReviewStore().Due(sql, now, limit); },
              .end = Review,
              .every = kEvery},
             std::move(committed)) {}

}  // namespace tributary::partner
