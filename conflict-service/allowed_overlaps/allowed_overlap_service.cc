#include "conflict-service/allowed_overlaps/allowed_overlap_service.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/paging/page.h"
#include "common/status/status.h"
#include "conflict-service/findings/finding_proto.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {

void AllowedOverlapService::Register(rpc::Server& server) {
  server.Add("tributary.conflict.v1.AllowedOverlapService", this)
      .Unary("ListAllowedOverlaps", &AllowedOverlapService::List);
}

absl::Status AllowedOverlapService::List(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::ListAllowedOverlapsRequest& request,
                                         v1::ListAllowedOverlapsResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, ""));
  ASSIGN_OR_RETURN(std::vector<AllowedOverlap> overlaps, detector_.AllowedOverlaps(unit.sql()));
  std::erase_if(overlaps, [&](const AllowedOverlap& one) {
    return std::pair<std::string_view, std::string_view>(one.helper, one.exclusive) <=
           std::pair(page.after(0), page.after(1));
  });
  reply->set_next_page_token(page.Cut(&overlaps, [](const AllowedOverlap& last) {
    return std::vector<std::string>{last.helper, last.exclusive};
  }));
  for (const AllowedOverlap& one : overlaps) {
    v1::AllowedOverlap& message = *reply->add_allowed_overlaps();
    message.set_helper_grant(one.helper);
    message.set_exclusive_grant(one.exclusive);
    *message.mutable_intersection() = ToProto(one.shared);
    message.set_explanation(one.explanation);
  }
  return absl::OkStatus();
}

}  // namespace tributary::conflict
