#include "partner-service/partners/partner_service.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/partners/partner_proto.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

absl::StatusOr<std::string> IdOf(std::string_view name, std::string_view field = "name") {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, "partners/{partner}", field));
  return std::move(ids.front());
}

}  // namespace

void PartnerService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.PartnerService", this)
      .Unary("GetPartner", &PartnerService::Get)
      .Unary("ListPartners", &PartnerService::List)
      .Unary("CreatePartner", &PartnerService::Create)
      .Unary("UpdatePartner", &PartnerService::Update)
      .Unary("ActivatePartner", &PartnerService::Activate)
      .Unary("SuspendPartner", &PartnerService::Suspend)
      .Unary("ReinstatePartner", &PartnerService::Reinstate)
      .Unary("TerminatePartner", &PartnerService::Terminate)
      .Unary("MergePartner", &PartnerService::Merge)
      .Unary("UndoMergePartner", &PartnerService::UndoMerge);
}

template <typename Request>
absl::StatusOr<Partner> PartnerService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const std::string id, IdOf(request.name()));
  ASSIGN_OR_RETURN(Partner partner, partners_.GetForUpdate(unit.sql(), id));
  RETURN_IF_ERROR(CheckEtag(partner.name(), request.etag(), partner.revision.version));
  return partner;
}

absl::Status PartnerService::CheckHomeRegion(rpc::Unit& unit, const Partner& partner) const {
  if (partner.home_region.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> missing, regions_.Missing(unit.sql(), {partner.home_region}));
  if (missing.empty()) return absl::OkStatus();
  return UnknownReference("partner.home_region", partner.home_region, "a region that is in use");
}

absl::Status PartnerService::CheckChannel(rpc::Unit& unit, const Partner& partner) const {
  if (partner.channel.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool there, channels_.Hold(unit.sql(), partner.channel));
  if (there) return absl::OkStatus();
  return UnknownReference("partner.channel", partner.channel, "a channel that there is");
}

absl::Status PartnerService::CheckNotSanctioned(rpc::Unit& unit, const Partner& partner, std::string_view verb) const {
  ASSIGN_OR_RETURN(const std::vector<Sanction> lasting, sanctions_.Lasting(unit.sql(), partner.id));
  for (const Sanction& sanction : lasting) {
    if (sanction.kind != SanctionKind::kSuspension || sanction.state != SanctionState::kInForce) continue;
    return WrongState(partner.name(), verb, StrCat("suspended by ", sanction.name()), "a partner without it");
  }
  return absl::OkStatus();
}

absl::Status PartnerService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetPartnerRequest& request,
                                 v1::Partner* reply) {
  ASSIGN_OR_RETURN(const std::string id, IdOf(request.name()));
  ASSIGN_OR_RETURN(const Partner partner, partners_.Get(unit.sql(), id));
  ToProto(partner, reply);
  return absl::OkStatus();
}

absl::Status PartnerService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPartnersRequest& request,
                                  v1::ListPartnersResponse* reply) {
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(tokens_, call, request, PartnerStore::Fields(), request.show_deleted() ? "all" : "open"));
  ASSIGN_OR_RETURN(std::vector<Partner> partners, partners_.List(unit.sql(), page, request.show_deleted()));
  reply->set_next_page_token(page.Cut(&partners, [](const Partner& last) { return std::vector{last.id}; }));
  for (const Partner& partner : partners) ToProto(partner, reply->add_partners());
  return absl::OkStatus();
}

absl::Status PartnerService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreatePartnerRequest& request,
                                    v1::Partner* reply) {
  auto content = FromProto(request.partner());
  if (!content.ok()) return AtField(content.status(), "partner");
  Partner partner = *std::move(content);
  partner.revision = Revision::First(call.now);
  partner.id = request.partner_id().empty() ? partner.revision.uid.ToString() : request.partner_id();
  RETURN_IF_ERROR(AtField(CheckTexts(partner), "partner"));
  RETURN_IF_ERROR(CheckHomeRegion(unit, partner));
  RETURN_IF_ERROR(CheckChannel(unit, partner));
  ASSIGN_OR_RETURN(partner, partners_.Create(unit.sql(), partner));
  unit.Emit(Told("created", partner));
  ToProto(partner, reply);
  return absl::OkStatus();
}

absl::Status PartnerService::Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdatePartnerRequest& request,
                                    v1::Partner* reply) {
  static const std::vector<std::string_view> kMayChange = {"legal_name",  "trade_names",    "kind",      "tax_ids",
                                                           "home_region", "currency",       "time_zone", "addresses",
                                                           "channel",     "account_manager"};
  ASSIGN_OR_RETURN(const std::string id, IdOf(request.partner().name(), "partner.name"));
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), id));
  RETURN_IF_ERROR(CheckEtag(partner.name(), request.partner().etag(), partner.revision.version));
  v1::Partner merged = ToProto(partner);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.partner(), &merged, kMayChange));
  const auto content = FromProto(merged);
  if (!content.ok()) return AtField(content.status(), "partner");
  const auto changed = partner::Change(partner, *content, call.now);
  if (!changed.ok()) return AtField(changed.status(), "partner");
  if (changed->home_region != partner.home_region) RETURN_IF_ERROR(CheckHomeRegion(unit, *changed));
  if (changed->channel != partner.channel) RETURN_IF_ERROR(CheckChannel(unit, *changed));
  RETURN_IF_ERROR(partners_.Update(unit.sql(), *changed));
  unit.Emit(Told("updated", *changed));
  ToProto(*changed, reply);
  return absl::OkStatus();
}

absl::Status PartnerService::Activate(const rpc::Call& call, rpc::Unit& unit, const v1::ActivatePartnerRequest& request,
                                      v1::Partner* reply) {
  ASSIGN_OR_RETURN(const Partner partner, Load(unit, request));
  ASSIGN_OR_RETURN(const std::vector<Agreement> agreements, agreements_.OfPartner(unit.sql(), partner.id));
  const bool in_force = AnyInForce(agreements, TodayOf(partner, call.now));
  ASSIGN_OR_RETURN(const Partner active, partner::Activate(partner, in_force, call.now));
  RETURN_IF_ERROR(CheckNotSanctioned(unit, partner, "activate"));
  RETURN_IF_ERROR(partners_.Update(unit.sql(), active));
  RETURN_IF_ERROR(activity_.Record(unit.sql(), active, call.now));
  unit.Emit(Told("activated", active));
  ToProto(active, reply);
  return absl::OkStatus();
}

absl::Status PartnerService::Suspend(const rpc::Call& call, rpc::Unit& unit, const v1::SuspendPartnerRequest& request,
                                     v1::Partner* reply) {
  ASSIGN_OR_RETURN(const Partner partner, Load(unit, request));
  ASSIGN_OR_RETURN(const Partner suspended, partner::Suspend(partner, call.now));
  RETURN_IF_ERROR(partners_.Update(unit.sql(), suspended));
  RETURN_IF_ERROR(activity_.Record(unit.sql(), suspended, call.now));
  unit.Emit(Told("suspended", suspended));
  ToProto(suspended, reply);
  return absl::OkStatus();
}

absl::Status PartnerService::Reinstate(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ReinstatePartnerRequest& request, v1::Partner* reply) {
  ASSIGN_OR_RETURN(const Partner partner, Load(unit, request));
  ASSIGN_OR_RETURN(const Partner active, partner::Reinstate(partner, call.now));
  RETURN_IF_ERROR(CheckNotSanctioned(unit, partner, "reinstate"));
  RETURN_IF_ERROR(partners_.Update(unit.sql(), active));
  RETURN_IF_ERROR(activity_.Record(unit.sql(), active, call.now));
  unit.Emit(Told("reinstated", active));
  ToProto(active, reply);
  return absl::OkStatus();
}

absl::Status PartnerService::Terminate(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::TerminatePartnerRequest& request, v1::Partner* reply) {
  ASSIGN_OR_RETURN(const Partner partner, Load(unit, request));
  ASSIGN_OR_RETURN(const Partner terminated, partner::Terminate(partner, call.now));
  RETURN_IF_ERROR(partners_.Update(unit.sql(), terminated));
  RETURN_IF_ERROR(activity_.Record(unit.sql(), terminated, call.now));
  unit.Emit(Told("terminated", terminated));
  ToProto(terminated, reply);
  return absl::OkStatus();
}

absl::Status PartnerService::Merge(const rpc::Call& call, rpc::Unit& unit, const v1::MergePartnerRequest& request,
                                   v1::Partner* reply) {
  ASSIGN_OR_RETURN(const std::string id, IdOf(request.name()));
  ASSIGN_OR_RETURN(const std::string survivor_id, IdOf(request.survivor(), "survivor"));
  // Both locked in the order of their ids, so that two merges do not wait for each other.
  std::map<std::string, Partner> locked;
  for (const std::string& one : std::set<std::string>{id, survivor_id}) {
    const auto partner = partners_.GetForUpdate(unit.sql(), one);
    if (absl::IsNotFound(partner.status()) && one != id) {
      return UnknownReference("survivor", request.survivor(), "a partner that there is");
    }
    RETURN_IF_ERROR(partner.status());
    locked.emplace(one, *partner);
  }
  const Partner& partner = locked.at(id);
  RETURN_IF_ERROR(CheckEtag(partner.name(), request.etag(), partner.revision.version));
  ASSIGN_OR_RETURN(const Partner merged,
                   partner::Merge(partner, locked.at(survivor_id), request.reason(), call.identity->subject, call.now));
  RETURN_IF_ERROR(partners_.Update(unit.sql(), merged));
  RETURN_IF_ERROR(activity_.Record(unit.sql(), merged, call.now));
  unit.Emit(Told("merged", merged));
  ToProto(merged, reply);
  return absl::OkStatus();
}

absl::Status PartnerService::UndoMerge(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::UndoMergePartnerRequest& request, v1::Partner* reply) {
  ASSIGN_OR_RETURN(const Partner merged, Load(unit, request));
  ASSIGN_OR_RETURN(const Partner restored, partner::UndoMerge(merged, call.now));
  RETURN_IF_ERROR(partners_.Update(unit.sql(), restored));
  RETURN_IF_ERROR(activity_.Resume(unit.sql(), restored, merged.merge->time));
  unit.Emit(Told("mergeUndone", restored));
  ToProto(restored, reply);
  return absl::OkStatus();
}

}  // namespace tributary::partner
