#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/contests/contest_store.h"
#include "conflict-service/deals/deal_store.h"
#include "tributary/conflict/v1/evidence.pb.h"

namespace tributary::conflict {

// Evidence of work on deals.
class EvidenceService {
 public:
  EvidenceService(const EvidenceStore& evidence, const DealStore& deals, const PageTokens& tokens)
      : evidence_(evidence), deals_(deals), tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetEvidenceRequest& request, v1::Evidence* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListEvidenceRequest& request,
                    v1::ListEvidenceResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateEvidenceRequest& request,
                      v1::Evidence* reply);
  absl::Status Verify(const rpc::Call& call, rpc::Unit& unit, const v1::VerifyEvidenceRequest& request,
                      v1::Evidence* reply);

 private:
  const EvidenceStore& evidence_;
  const DealStore& deals_;
  const PageTokens& tokens_;
};

}  // namespace tributary::conflict
