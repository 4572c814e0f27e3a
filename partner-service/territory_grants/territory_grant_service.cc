#include "partner-service/territory_grants/territory_grant_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "partner-service/territory_grants/territory_grant_proto.h"

namespace tributary::partner {
namespace {
constexpr std::string_view kPattern = "partners/{partner}/territoryGrants/{territory_grant}";
}  // namespace

void TerritoryGrantService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.TerritoryGrantService", this)
      .Unary("GetTerritoryGrant", &TerritoryGrantService::Get)
      .Unary("ListTerritoryGrants", &TerritoryGrantService::List)
      .Unary("CreateTerritoryGrant", &TerritoryGrantService::Create)
      .Unary("RevokeTerritoryGrant", &TerritoryGrantService::Revoke);
}

absl::Status TerritoryGrantService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetTerritoryGrantRequest& request,
                                        v1::TerritoryGrant* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const TerritoryGrant grant, grants_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(grant);
  return absl::OkStatus();
}

absl::Status TerritoryGrantService::List(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::ListTerritoryGrantsRequest& request,
                                         v1::ListTerritoryGrantsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, TerritoryGrantStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<TerritoryGrant> grants, grants_.List(unit.sql(), partner_id, page));
  reply->set_next_page_token(page.Cut(&grants, [](const TerritoryGrant& last) {
    return std::vector{last.partner_id, last.id};
  }));
  for (const TerritoryGrant& grant : grants) *reply->add_territory_grants() = ToProto(grant);
  return absl::OkStatus();
}

absl::Status TerritoryGrantService::Create(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::CreateTerritoryGrantRequest& request, v1::TerritoryGrant* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), ids.front()));
  RETURN_IF_ERROR(CheckOpen(partner, "createTerritoryGrant"));
  auto content = FromProto(request.territory_grant());
  if (!content.ok()) return AtField(content.status(), "territory_grant");
  RETURN_IF_ERROR(AtField(CheckTerms(*content), "territory_grant"));
  ASSIGN_OR_RETURN(const std::vector<std::string> missing, regions_.Missing(unit.sql(), content->regions));
  RETURN_IF_ERROR(AtField(CheckRegions(*content, missing), "territory_grant"));
  TerritoryGrant grant = *std::move(content);
  grant.revision = Revision::First(call.now);
  grant.partner_id = partner.id;
  grant.id = request.territory_grant_id().empty() ? grant.revision.uid.ToString() : request.territory_grant_id();
  ASSIGN_OR_RETURN(grant, grants_.Create(unit.sql(), grant));
  unit.Emit(Told("created", grant));
  *reply = ToProto(grant);
  return absl::OkStatus();
}

absl::Status TerritoryGrantService::Revoke(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::RevokeTerritoryGrantRequest& request, v1::TerritoryGrant* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const TerritoryGrant grant, grants_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(grant.name(), request.etag(), grant.revision.version));
  ASSIGN_OR_RETURN(const TerritoryGrant revoked, partner::Revoke(grant, call.now));
  RETURN_IF_ERROR(grants_.Update(unit.sql(), revoked));
  unit.Emit(Told("revoked", revoked));
  *reply = ToProto(revoked);
  return absl::OkStatus();
}

}  // namespace tributary::partner
