#include "partner-service/territory_grants/territory_grant_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
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
      .Unary("ReplaceTerritoryGrant", &TerritoryGrantService::Replace)
      .Unary("RevokeTerritoryGrant", &TerritoryGrantService::Revoke);
}

absl::StatusOr<TerritoryGrant> TerritoryGrantService::Content(rpc::Unit& unit, const v1::TerritoryGrant& given,
                                                              const Partner& partner, std::string_view id,
                                                              absl::Time now) const {
  ASSIGN_OR_RETURN(TerritoryGrant grant, FromProto(given));
  RETURN_IF_ERROR(CheckTerms(grant));
  RETURN_IF_ERROR(checks_.CheckRegionsInUse(unit.sql(), grant));
  grant.revision = Revision::First(now);
  grant.partner_id = partner.id;
  grant.id = id.empty() ? grant.revision.uid.ToString() : id;
  return grant;
}

absl::Status TerritoryGrantService::Get(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::GetTerritoryGrantRequest& request, v1::TerritoryGrant* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const AsOf as_of, AsOfOf(request, call.now));
  ASSIGN_OR_RETURN(const TerritoryGrant grant, grants_.Get(unit.sql(), ids[0], ids[1], as_of));
  *reply = ToProto(grant);
  return absl::OkStatus();
}

absl::Status TerritoryGrantService::List(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::ListTerritoryGrantsRequest& request,
                                         v1::ListTerritoryGrantsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const AsOf as_of, AsOfOf(request, call.now));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, TerritoryGrantStore::Fields(),
                                             StrCat(request.parent(), " ", as_of.ToString())));
  ASSIGN_OR_RETURN(std::vector<TerritoryGrant> grants, grants_.List(unit.sql(), partner_id, page, as_of));
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
  RETURN_IF_ERROR(checks_.CheckMayHold(unit.sql(), partner, "createTerritoryGrant"));
  auto content = Content(unit, request.territory_grant(), partner, request.territory_grant_id(), call.now);
  if (!content.ok()) return AtField(content.status(), "territory_grant");
  TerritoryGrant grant = *std::move(content);
  if (!request.allow_overlap()) RETURN_IF_ERROR(checks_.CheckExclusive(unit.sql(), grant));
  ASSIGN_OR_RETURN(grant, grants_.Create(unit.sql(), grant));
  unit.Emit(Told("created", grant));
  *reply = ToProto(grant);
  return absl::OkStatus();
}

absl::Status TerritoryGrantService::Replace(const rpc::Call& call, rpc::Unit& unit,
                                            const v1::ReplaceTerritoryGrantRequest& request,
                                            v1::TerritoryGrant* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  // Nothing is below a partner that is not there; what is asked for is then what is missing.
  const auto partner = partners_.GetForUpdate(unit.sql(), ids[0]);
  if (ReasonOf(partner.status()) == Reason::kNotFound) return NotFound(request.name());
  RETURN_IF_ERROR(partner.status());
  ASSIGN_OR_RETURN(const TerritoryGrant grant, grants_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(grant.name(), request.etag(), grant.revision.version));
  RETURN_IF_ERROR(checks_.CheckMayHold(unit.sql(), *partner, "replaceTerritoryGrant"));
  ASSIGN_OR_RETURN(const TerritoryGrant revoked, partner::Revoke(grant, call.now));
  auto content = Content(unit, request.territory_grant(), *partner, request.territory_grant_id(), call.now);
  if (!content.ok()) return AtField(content.status(), "territory_grant");
  TerritoryGrant next = *std::move(content);
  next.replaces = grant.id;
  if (!request.allow_overlap()) RETURN_IF_ERROR(checks_.CheckExclusive(unit.sql(), next));
  RETURN_IF_ERROR(grants_.Update(unit.sql(), revoked));
  ASSIGN_OR_RETURN(next, grants_.Create(unit.sql(), next));
  unit.Emit(Told("revoked", revoked));
  unit.Emit(Told("created", next));
  *reply = ToProto(next);
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
