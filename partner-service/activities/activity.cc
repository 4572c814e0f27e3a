#include "partner-service/activities/activity.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

absl::Status CheckContent(const Activity& content, const Actor& actor) {
  std::vector<FieldViolation> violations;
  CheckOneLine("subject", content.subject, &violations);
  std::set<std::string_view> ids;
  for (size_t i = 0; i < content.follow_ups.size(); ++i) {
    const FollowUp& follow_up = content.follow_ups[i];
    const std::string field = StrCat("follow_ups[", i, "]");
    if (!follow_up.id.empty() && !ids.insert(follow_up.id).second) {
      violations.push_back({StrCat(field, ".follow_up_id"), follow_up.id, "each id once"});
    }
    CheckOneLine(StrCat(field, ".text"), follow_up.text, &violations);
  }
  if (actor.of_partner && content.visibility != ActivityVisibility::kShared) {
    violations.push_back(
        {"visibility", std::string(NameOf(content.visibility)), "SHARED: a partner hides nothing here"});
  }
  return AllOf(std::move(violations));
}

// The least numbers that no follow-up has.
void GiveIds(std::vector<FollowUp>* follow_ups) {
  std::set<std::string> taken;
  for (const FollowUp& follow_up : *follow_ups) taken.insert(follow_up.id);
  int next = 1;
  for (FollowUp& follow_up : *follow_ups) {
    if (!follow_up.id.empty()) continue;
    while (taken.contains(StrCat(next))) ++next;
    follow_up.id = StrCat(next++);
  }
}

// What of `before` was done stays as it was; what is done now is so by the actor.
void Sign(const std::vector<FollowUp>& before, const Actor& actor, absl::Time now, std::vector<FollowUp>* follow_ups) {
  for (FollowUp& follow_up : *follow_ups) {
    follow_up.done_time = absl::Time();
    follow_up.done_by.clear();
    if (!follow_up.done) continue;
    const auto was = std::find_if(before.begin(), before.end(),
                                  [&](const FollowUp& one) { return one.id == follow_up.id && one.done; });
    follow_up.done_time = was == before.end() ? now : was->done_time;
    follow_up.done_by = was == before.end() ? actor.principal : was->done_by;
  }
}

}  // namespace

std::string_view NameOf(ActivityKind kind) {
  switch (kind) {
    case ActivityKind::kMeeting:
      return "MEETING";
    case ActivityKind::kNote:
      return "NOTE";
    case ActivityKind::kMarketNote:
      return "MARKET_NOTE";
    case ActivityKind::kGoal:
      return "GOAL";
    case ActivityKind::kPlan:
      return "PLAN";
  }
  return "KIND_UNSPECIFIED";
}

std::string_view NameOf(ActivityVisibility visibility) {
  switch (visibility) {
    case ActivityVisibility::kShared:
      return "SHARED";
    case ActivityVisibility::kVendorOnly:
      return "VENDOR_ONLY";
  }
  return "VISIBILITY_UNSPECIFIED";
}

std::string Activity::name() const { return StrCat("partners/", partner_id, "/activities/", id); }

std::optional<Date> Activity::next_due() const {
  std::optional<Date> next;
  for (const FollowUp& follow_up : follow_ups) {
    if (follow_up.done || !follow_up.due.has_value()) continue;
    if (!next.has_value() || *follow_up.due < *next) next = follow_up.due;
  }
  return next;
}

bool IsSeenBy(const Activity& activity, const Actor& actor) {
  return !actor.of_partner || activity.visibility == ActivityVisibility::kShared;
}

absl::StatusOr<Activity> Make(const Activity& content, const Actor& actor, absl::Time now) {
  RETURN_IF_ERROR(CheckContent(content, actor));
  Activity made = content;
  made.revision = Revision::First(now);
  made.author = actor.principal;
  made.by_partner = actor.of_partner;
  GiveIds(&made.follow_ups);
  Sign({}, actor, now, &made.follow_ups);
  return made;
}

absl::StatusOr<Activity> Change(const Activity& activity, const Activity& content, const Actor& actor, absl::Time now) {
  RETURN_IF_ERROR(CheckContent(content, actor));
  Activity changed = content;
  changed.partner_id = activity.partner_id;
  changed.id = activity.id;
  changed.revision = activity.revision.Next(now);
  changed.author = activity.author;
  changed.by_partner = activity.by_partner;
  GiveIds(&changed.follow_ups);
  Sign(activity.follow_ups, actor, now, &changed.follow_ups);
  return changed;
}

absl::Status CheckRemovable(const Activity& activity, const Actor& actor) {
  if (!actor.of_partner || activity.by_partner) return absl::OkStatus();
  return Error(Reason::kPermissionDenied,
               StrCat(activity.name(), ": got one that the vendor made, want one that the partner made"));
}

}  // namespace tributary::partner
