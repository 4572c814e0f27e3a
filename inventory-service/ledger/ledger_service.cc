#include "inventory-service/ledger/ledger_service.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/ledger/ledger_proto.h"

namespace tributary::inventory {

void LedgerService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.LedgerService", this)
      .Unary("GetSite", &LedgerService::GetSite)
      .Unary("ListSites", &LedgerService::ListSites)
      .Unary("CreateSite", &LedgerService::CreateSite)
      .Unary("GetPosition", &LedgerService::GetPosition)
      .Unary("ListPositions", &LedgerService::ListPositions)
      .Unary("ListStockPostings", &LedgerService::ListStockPostings)
      .Unary("CheckLedger", &LedgerService::CheckLedger);
}

absl::Status LedgerService::GetSite(const rpc::Call&, rpc::Unit& unit, const v1::GetSiteRequest& request,
                                    v1::Site* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/sites/{site}"));
  ASSIGN_OR_RETURN(const Site site, store_.GetSite(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(site);
  return absl::OkStatus();
}

absl::Status LedgerService::ListSites(const rpc::Call& call, rpc::Unit& unit, const v1::ListSitesRequest& request,
                                      v1::ListSitesResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, LedgerStore::SiteFields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<Site> sites,
                   store_.ListSites(unit.sql(), partner, page.after(0), page.after(1), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&sites, [](const Site& last) { return std::vector{last.partner, last.id}; }));
  for (const Site& site : sites) *reply->add_sites() = ToProto(site);
  return absl::OkStatus();
}

absl::Status LedgerService::CreateSite(const rpc::Call& call, rpc::Unit& unit, const v1::CreateSiteRequest& request,
                                       v1::Site* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  const Uuid uid = Uuid::New(call.now);
  Site site{.partner = ids[0],
            .id = request.site_id().empty() ? uid.ToString() : request.site_id(),
            .uid = uid,
            .create_time = call.now,
            .update_time = call.now,
            .display_name = request.site().display_name()};
  if (!request.site().region().empty()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> region,
                     ParseResourceName(request.site().region(), "regions/{region}", "site.region"));
    site.region = region[0];
  }
  ASSIGN_OR_RETURN(const std::set<std::string> unknown, partners_.Unknown(call, {site.partner}));
  if (!unknown.empty()) {
    return Error(Reason::kReferenceNotFound, StrCat("parent: got ", request.parent(), ", want a partner that is known"),
                 {{"resource", request.parent()}});
  }
  RETURN_IF_ERROR(store_.InsertSite(unit.sql(), site));
  *reply = ToProto(site);
  unit.Emit(events::Draft(site.partner, "created", reply->name(), *reply));
  return absl::OkStatus();
}

absl::Status LedgerService::GetPosition(const rpc::Call&, rpc::Unit& unit, const v1::GetPositionRequest& request,
                                        v1::Position* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/positions/{position}"));
  // A site's id has no dot.
  const size_t dot = ids[1].find('.');
  if (dot == std::string::npos) {
    return InvalidField("name", request.name(), "partners/{partner}/positions/{site}.{product}");
  }
  ASSIGN_OR_RETURN(const Position position,
                   store_.GetPosition(unit.sql(), {ids[0], ids[1].substr(0, dot), ids[1].substr(dot + 1)}));
  *reply = ToProto(position);
  return absl::OkStatus();
}

absl::Status LedgerService::ListPositions(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::ListPositionsRequest& request, v1::ListPositionsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(page_tokens_, call, request, LedgerStore::PositionFields(), request.parent()));
  const PositionKey after{std::string(page.after(0)), std::string(page.after(1)), std::string(page.after(2))};
  ASSIGN_OR_RETURN(std::vector<Position> positions,
                   store_.ListPositions(unit.sql(), partner, after, page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&positions, [](const Position& last) {
    return std::vector{last.key.partner, last.key.site, last.key.product};
  }));
  for (const Position& position : positions) *reply->add_positions() = ToProto(position);
  return absl::OkStatus();
}

absl::Status LedgerService::ListStockPostings(const rpc::Call& call, rpc::Unit& unit,
                                              const v1::ListStockPostingsRequest& request,
                                              v1::ListStockPostingsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(page_tokens_, call, request, LedgerStore::PostingFields(), request.parent()));
  events::Cursor after{.shard = -1};
  int after_n = 0;
  if (!page.first() &&
      !(absl::SimpleAtoi(Abseil(page.after(0)), &after.shard) && absl::SimpleAtoi(Abseil(page.after(1)), &after.seq) &&
        absl::SimpleAtoi(Abseil(page.after(2)), &after_n))) {
    return Error(Reason::kPageTokenInvalid, "page_token: got another list's, want this one's");
  }
  ASSIGN_OR_RETURN(std::vector<RecordedPosting> postings,
                   store_.ListPostings(unit.sql(), partner, after, after_n, page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&postings, [](const RecordedPosting& last) {
    return std::vector{StrCat(last.cursor.shard), StrCat(last.cursor.seq), StrCat(last.n)};
  }));
  for (const RecordedPosting& posting : postings) *reply->add_stock_postings() = ToProto(posting);
  return absl::OkStatus();
}

absl::Status LedgerService::CheckLedger(const rpc::Call&, rpc::Unit& unit, const v1::CheckLedgerRequest&,
                                        v1::LedgerBalance* reply) {
  ASSIGN_OR_RETURN(const Balance balance, store_.ReadBalance(unit.sql()));
  *reply = ToProto(balance);
  return absl::OkStatus();
}

}  // namespace tributary::inventory
