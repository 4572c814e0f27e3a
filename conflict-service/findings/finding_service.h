#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/findings/finding_store.h"
#include "tributary/conflict/v1/finding.pb.h"

namespace tributary::conflict {

// Findings, for the vendor's staff; partners never see them.
class FindingService {
 public:
  FindingService(const FindingStore& findings, const PageTokens& tokens) : findings_(findings), tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetFindingRequest& request, v1::Finding* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListFindingsRequest& request,
                    v1::ListFindingsResponse* reply);

 private:
  const FindingStore& findings_;
  const PageTokens& tokens_;
};

}  // namespace tributary::conflict
