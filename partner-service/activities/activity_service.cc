#include "partner-service/activities/activity_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "partner-service/activities/activity_proto.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kPattern = "partners/{partner}/activities/{activity}";

Actor ActorOf(const rpc::Call& call) {
  return {.principal = call.identity->subject, .of_partner = !call.identity->partner.empty()};
}

}  // namespace

void ActivityService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.ActivityService", this)
      .Unary("GetActivity", &ActivityService::Get)
      .Unary("ListActivities", &ActivityService::List)
      .Unary("CreateActivity", &ActivityService::Create)
      .Unary("UpdateActivity", &ActivityService::Update)
      .Unary("DeleteActivity", &ActivityService::Delete);
}

absl::StatusOr<Activity> ActivityService::Load(const rpc::Call& call, rpc::Unit& unit, std::string_view name,
                                               std::string_view field, std::string_view etag) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(name, kPattern, field));
  ASSIGN_OR_RETURN(Activity activity, activities_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  if (!IsSeenBy(activity, ActorOf(call))) return NotFound(name);
  RETURN_IF_ERROR(CheckEtag(activity.name(), etag, activity.revision.version));
  return activity;
}

absl::Status ActivityService::Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetActivityRequest& request,
                                  v1::Activity* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const Activity activity, activities_.Get(unit.sql(), ids[0], ids[1]));
  if (!IsSeenBy(activity, ActorOf(call))) return NotFound(request.name());
  *reply = ToProto(activity);
  return absl::OkStatus();
}

absl::Status ActivityService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListActivitiesRequest& request,
                                   v1::ListActivitiesResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, ActivityStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<Activity> activities,
                   activities_.List(unit.sql(), partner_id, ActorOf(call).of_partner, page));
  reply->set_next_page_token(page.Cut(&activities, [](const Activity& last) {
    return std::vector{last.partner_id, last.id};
  }));
  for (const Activity& activity : activities) *reply->add_activities() = ToProto(activity);
  return absl::OkStatus();
}

absl::Status ActivityService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateActivityRequest& request,
                                     v1::Activity* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), ids.front()));
  const auto content = FromProto(request.activity());
  if (!content.ok()) return AtField(content.status(), "activity");
  auto made = Make(*content, ActorOf(call), call.now);
  if (!made.ok()) return AtField(made.status(), "activity");
  Activity activity = *std::move(made);
  activity.partner_id = partner.id;
  activity.id = request.activity_id().empty() ? activity.revision.uid.ToString() : request.activity_id();
  RETURN_IF_ERROR(activities_.Create(unit.sql(), activity));
  unit.Emit(Told("created", activity));
  *reply = ToProto(activity);
  return absl::OkStatus();
}

absl::Status ActivityService::Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateActivityRequest& request,
                                     v1::Activity* reply) {
  static const std::vector<std::string_view> kMayChange = {"kind", "subject",    "text",
                                                           "date", "visibility", "follow_ups"};
  ASSIGN_OR_RETURN(const Activity activity,
                   Load(call, unit, request.activity().name(), "activity.name", request.activity().etag()));
  v1::Activity merged = ToProto(activity);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.activity(), &merged, kMayChange));
  const auto content = FromProto(merged);
  if (!content.ok()) return AtField(content.status(), "activity");
  const auto changed = Change(activity, *content, ActorOf(call), call.now);
  if (!changed.ok()) return AtField(changed.status(), "activity");
  RETURN_IF_ERROR(activities_.Update(unit.sql(), *changed));
  unit.Emit(Told("updated", *changed));
  *reply = ToProto(*changed);
  return absl::OkStatus();
}

absl::Status ActivityService::Delete(const rpc::Call& call, rpc::Unit& unit, const v1::DeleteActivityRequest& request,
                                     google::protobuf::Empty*) {
  ASSIGN_OR_RETURN(const Activity activity, Load(call, unit, request.name(), "name", request.etag()));
  RETURN_IF_ERROR(CheckRemovable(activity, ActorOf(call)));
  RETURN_IF_ERROR(activities_.Delete(unit.sql(), activity));
  unit.Emit(Told("deleted", activity));
  return absl::OkStatus();
}

}  // namespace tributary::partner
