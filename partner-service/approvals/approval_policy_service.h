#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "google/protobuf/empty.pb.h"
#include "partner-service/approvals/approval_store.h"
#include "tributary/partner/v1/approval_policy.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.ApprovalPolicyService.
class ApprovalPolicyService {
 public:
  // `tokens` outlives the service.
  explicit ApprovalPolicyService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetApprovalPolicyRequest& request,
                   v1::ApprovalPolicy* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListApprovalPoliciesRequest& request,
                    v1::ListApprovalPoliciesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateApprovalPolicyRequest& request,
                      v1::ApprovalPolicy* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateApprovalPolicyRequest& request,
                      v1::ApprovalPolicy* reply);
  absl::Status Delete(const rpc::Call& call, rpc::Unit& unit, const v1::DeleteApprovalPolicyRequest& request,
                      google::protobuf::Empty* reply);

 private:
  const PageTokens& tokens_;
  ApprovalPolicyStore policies_;
};

}  // namespace tributary::partner
