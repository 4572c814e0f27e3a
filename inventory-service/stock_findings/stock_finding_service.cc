#include "inventory-service/stock_findings/stock_finding_service.h"

#include <string>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/stock_findings/stock_finding_proto.h"

namespace tributary::inventory {
namespace {

// What the caller may see of it: to a partner's own people the facts of others do not exist.
v1::StockFinding For(const rpc::Call& call, const StockFinding& finding) {
  v1::StockFinding out = ToProto(finding);
  if (call.identity == nullptr || !call.identity->IsPartnerUser()) return out;
  out.clear_evidence();
  for (const std::string& name : finding.conclusion.evidence) {
    if (PartnerOf(name) == call.identity->partner) out.add_evidence(name);
  }
  return out;
}

}  // namespace

void StockFindingService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.StockFindingService", this)
      .Unary("GetStockFinding", &StockFindingService::Get)
      .Unary("ListStockFindings", &StockFindingService::List);
}

absl::Status StockFindingService::Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetStockFindingRequest& request,
                                      v1::StockFinding* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/stockFindings/{stock_finding}"));
  ASSIGN_OR_RETURN(const StockFinding finding, store_.Get(unit.sql(), ids[0], ids[1]));
  *reply = For(call, finding);
  return absl::OkStatus();
}

absl::Status StockFindingService::List(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ListStockFindingsRequest& request,
                                       v1::ListStockFindingsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, StockFindingStore::Fields(),
                                             StrCat(request.parent(), request.show_deleted() ? " all" : " open")));
  ASSIGN_OR_RETURN(std::vector<StockFinding> findings,
                   store_.List(unit.sql(), partner, request.show_deleted(), page.after(0), page.after(1), page.filter(),
                               page.limit()));
  reply->set_next_page_token(page.Cut(&findings, [](const StockFinding& last) {
    return std::vector{last.conclusion.subject.partner, last.id};
  }));
  for (const StockFinding& finding : findings) *reply->add_stock_findings() = For(call, finding);
  return absl::OkStatus();
}

}  // namespace tributary::inventory
