#include "conflict-service/findings/finding_service.h"

#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/status/status.h"
#include "conflict-service/findings/finding_proto.h"

namespace tributary::conflict {

void FindingService::Register(rpc::Server& server) {
  server.Add("tributary.conflict.v1.FindingService", this)
      .Unary("GetFinding", &FindingService::Get)
      .Unary("ListFindings", &FindingService::List);
}

absl::Status FindingService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetFindingRequest& request,
                                 v1::Finding* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), "findings/{finding}"));
  ASSIGN_OR_RETURN(const Finding finding, findings_.Get(unit.sql(), ids[0]));
  *reply = ToProto(finding);
  return absl::OkStatus();
}

absl::Status FindingService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListFindingsRequest& request,
                                  v1::ListFindingsResponse* reply) {
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(tokens_, call, request, FindingStore::Fields(), request.show_deleted() ? "all" : "open"));
  ASSIGN_OR_RETURN(std::vector<Finding> findings,
                   findings_.List(unit.sql(), page.filter(), request.show_deleted(), page.after(0), page.limit()));
  reply->set_next_page_token(page.Cut(&findings, [](const Finding& last) { return std::vector{last.id}; }));
  for (const Finding& finding : findings) *reply->add_findings() = ToProto(finding);
  return absl::OkStatus();
}

}  // namespace tributary::conflict
