#include "partner-service/activities/activity_proto.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {

v1::Activity ToProto(const Activity& activity) {
  v1::Activity out;
  out.set_name(activity.name());
  PutRevision(activity.revision, &out);
  out.set_kind(static_cast<v1::Activity::Kind>(activity.kind));
  out.set_subject(activity.subject);
  out.set_text(activity.text);
  if (activity.date.has_value()) *out.mutable_date() = wire::ToProto(*activity.date);
  out.set_visibility(static_cast<v1::Activity::Visibility>(activity.visibility));
  for (const FollowUp& follow_up : activity.follow_ups) {
    v1::Activity::FollowUp& one = *out.add_follow_ups();
    one.set_follow_up_id(follow_up.id);
    one.set_text(follow_up.text);
    if (follow_up.due.has_value()) *one.mutable_due() = wire::ToProto(*follow_up.due);
    one.set_done(follow_up.done);
    if (follow_up.done) *one.mutable_done_time() = wire::ToProto(follow_up.done_time);
    one.set_done_by(follow_up.done_by);
  }
  out.set_author(activity.author);
  out.set_by_partner(activity.by_partner);
  return out;
}

absl::StatusOr<Activity> FromProto(const v1::Activity& activity) {
  Activity out{
      .kind = static_cast<ActivityKind>(activity.kind()), .subject = activity.subject(), .text = activity.text()};
  if (activity.has_date()) {
    const auto date = wire::FromProto(activity.date());
    if (!date.ok()) return AtField(date.status(), "date");
    out.date = *date;
  }
  if (activity.visibility() == v1::Activity::VENDOR_ONLY) out.visibility = ActivityVisibility::kVendorOnly;
  for (int i = 0; i < activity.follow_ups_size(); ++i) {
    const v1::Activity::FollowUp& given = activity.follow_ups(i);
    FollowUp follow_up{.id = given.follow_up_id(), .text = given.text(), .done = given.done()};
    if (given.has_due()) {
      const auto due = wire::FromProto(given.due());
      if (!due.ok()) return AtField(due.status(), StrCat("follow_ups[", i, "].due"));
      follow_up.due = *due;
    }
    out.follow_ups.push_back(std::move(follow_up));
  }
  return out;
}

events::EventDraft Told(std::string_view verb, const Activity& activity) {
  return events::Draft(activity.partner_id, verb, activity.name(), ToProto(activity));
}

}  // namespace tributary::partner
