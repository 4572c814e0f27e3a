#include "partner-service/sanctions/consequences.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/activities/activity_proto.h"

namespace tributary::partner {

absl::StatusOr<Sanction> Consequences::Sanctioned(rpc::Unit& unit, const Partner& partner, const Cause& cause,
                                                  SanctionKind kind, const DateRange& days, absl::Time now) const {
  Sanction sanction{.partner_id = partner.id,
                    .id = StrCat("of-", cause.uid.ToString()),
                    .kind = kind,
                    .reason = cause.reason,
                    .cause = cause.name,
                    .effective = days};
  return enforcer_.Impose(unit, partner, std::move(sanction), cause.principal, now);
}

absl::Status Consequences::ToReview(rpc::Unit& unit, const Partner& partner, const Cause& cause, absl::Time now) const {
  const std::string who = partner.account_manager.empty() ? "" : StrCat(" (", partner.account_manager, ")");
  Activity content{.kind = ActivityKind::kPlan,
                   .subject = StrCat("Review of ", partner.name()),
                   .text = StrCat(cause.name, ": ", cause.reason),
                   .date = TodayOf(partner, now),
                   .visibility = ActivityVisibility::kVendorOnly,
                   .follow_ups = {{.text = StrCat("Decide what follows", who), .due = TodayOf(partner, now)}}};
  ASSIGN_OR_RETURN(Activity task, Make(content, {.principal = cause.principal}, now));
  task.partner_id = partner.id;
  task.id = StrCat("review-", cause.uid.ToString());
  RETURN_IF_ERROR(activities_.Create(unit.sql(), task));
  unit.Emit(Told("created", task));
  return absl::OkStatus();
}

}  // namespace tributary::partner
