#include "inventory-service/sites/site_service.h"

#include <string>
#include <string_view>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/sites/site_proto.h"

namespace tributary::inventory {

void SiteService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.SiteService", this)
      .Unary("GetSite", &SiteService::Get)
      .Unary("ListSites", &SiteService::List)
      .Unary("CreateSite", &SiteService::Create)
      .Unary("UpdateSite", &SiteService::Update);
}

absl::Status SiteService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetSiteRequest& request, v1::Site* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/sites/{site}"));
  ASSIGN_OR_RETURN(const Site site, store_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(site);
  return absl::OkStatus();
}

absl::Status SiteService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListSitesRequest& request,
                               v1::ListSitesResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, SiteStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<Site> sites,
                   store_.List(unit.sql(), partner, page.after(0), page.after(1), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&sites, [](const Site& last) { return std::vector{last.partner, last.id}; }));
  for (const Site& site : sites) *reply->add_sites() = ToProto(site);
  return absl::OkStatus();
}

absl::Status SiteService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateSiteRequest& request,
                                 v1::Site* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  auto wanted = FromProto(request.site());
  if (!wanted.ok()) return AtField(wanted.status(), "site");
  Site site = *std::move(wanted);
  site.uid = Uuid::New(call.now);
  site.partner = ids[0];
  site.id = request.site_id().empty() ? site.uid.ToString() : request.site_id();
  site.create_time = site.update_time = call.now;
  RETURN_IF_ERROR(partners_.CheckKnown(call, site.partner));
  RETURN_IF_ERROR(store_.Insert(unit.sql(), site));
  *reply = ToProto(site);
  unit.Emit(events::Draft(site.partner, "created", reply->name(), *reply));
  return absl::OkStatus();
}

absl::Status SiteService::Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateSiteRequest& request,
                                 v1::Site* reply) {
  static const std::vector<std::string_view> kMayChange = {"display_name", "region", "negative_stock", "closed_on",
                                                           "count_tolerance"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.site().name(), "partners/{partner}/sites/{site}", "site.name"));
  ASSIGN_OR_RETURN(const Site site, store_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(site.name(), request.site().etag(), site.version));
  v1::Site merged = ToProto(site);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.site(), &merged, kMayChange));
  const auto wanted = FromProto(merged);
  if (!wanted.ok()) return AtField(wanted.status(), "site");
  const Site changed = Change(site, *wanted, call.now);
  RETURN_IF_ERROR(store_.Update(unit.sql(), changed));
  *reply = ToProto(changed);
  unit.Emit(events::Draft(changed.partner, "updated", reply->name(), *reply));
  return absl::OkStatus();
}

}  // namespace tributary::inventory
