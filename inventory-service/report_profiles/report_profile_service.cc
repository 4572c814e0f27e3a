#include "inventory-service/report_profiles/report_profile_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/report_profiles/report_profile_proto.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kPattern = "partners/{partner}/reportProfiles/{report_profile}";

void Tell(rpc::Unit& unit, std::string_view verb, const ReportProfile& profile) {
  unit.Emit(events::Draft(profile.partner, verb, profile.name(), ToProto(profile)));
}

}  // namespace

void ReportProfileService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.ReportProfileService", this)
      .Unary("GetReportProfile", &ReportProfileService::Get)
      .Unary("ListReportProfiles", &ReportProfileService::List)
      .Unary("CreateReportProfile", &ReportProfileService::Create)
      .Unary("UpdateReportProfile", &ReportProfileService::Update);
}

absl::Status ReportProfileService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetReportProfileRequest& request,
                                       v1::ReportProfile* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const ReportProfile profile, store_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(profile);
  return absl::OkStatus();
}

absl::Status ReportProfileService::List(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::ListReportProfilesRequest& request,
                                        v1::ListReportProfilesResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(page_tokens_, call, request, ReportProfileStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<ReportProfile> profiles,
                   store_.List(unit.sql(), partner, page.after(0), page.after(1), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&profiles, [](const ReportProfile& last) {
    return std::vector{last.partner, last.id};
  }));
  for (const ReportProfile& profile : profiles) *reply->add_report_profiles() = ToProto(profile);
  return absl::OkStatus();
}

absl::Status ReportProfileService::Create(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::CreateReportProfileRequest& request, v1::ReportProfile* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  auto stated = FromProto(request.report_profile());
  if (!stated.ok()) return AtField(stated.status(), "report_profile");
  ReportProfile profile = *std::move(stated);
  profile.partner = ids[0];
  profile.uid = Uuid::New(call.now);
  profile.id = request.report_profile_id().empty() ? profile.uid.ToString() : request.report_profile_id();
  profile.create_time = profile.update_time = call.now;
  RETURN_IF_ERROR(partners_.CheckKnown(call, profile.partner));
  RETURN_IF_ERROR(LockPartner(unit.sql(), profile.partner, call.now));
  RETURN_IF_ERROR(store_.Insert(unit.sql(), profile));
  Tell(unit, "created", profile);
  *reply = ToProto(profile);
  return absl::OkStatus();
}

absl::Status ReportProfileService::Update(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::UpdateReportProfileRequest& request, v1::ReportProfile* reply) {
  static const std::vector<std::string_view> kMayChange = {"display_name",
                                                           "kind",
                                                           "format",
                                                           "columns",
                                                           "activity_codes",
                                                           "encoding",
                                                           "delimiter",
                                                           "sheet",
                                                           "header_row",
                                                           "date_format",
                                                           "decimal_point",
                                                           "grouping",
                                                           "partner_product_codes",
                                                           "partner_site_codes",
                                                           "partner_customer_codes",
                                                           "default_profile"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.report_profile().name(), kPattern, "report_profile.name"));
  RETURN_IF_ERROR(store_.Get(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(LockPartner(unit.sql(), ids[0], call.now));
  ASSIGN_OR_RETURN(const ReportProfile known, store_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(known.name(), request.report_profile().etag(), known.version));
  v1::ReportProfile merged = ToProto(known);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.report_profile(), &merged, kMayChange));
  auto stated = FromProto(merged);
  if (!stated.ok()) return AtField(stated.status(), "report_profile");
  ReportProfile changed = *std::move(stated);
  changed.partner = known.partner;
  changed.id = known.id;
  changed.uid = known.uid;
  changed.create_time = known.create_time;
  changed.update_time = call.now;
  changed.version = known.version + 1;
  RETURN_IF_ERROR(store_.Update(unit.sql(), changed));
  Tell(unit, "updated", changed);
  *reply = ToProto(changed);
  return absl::OkStatus();
}

}  // namespace tributary::inventory
