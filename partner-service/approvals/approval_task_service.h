#pragma once

#include <functional>
#include <map>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/approvals/approval_store.h"
#include "partner-service/approvals/approvals.h"
#include "partner-service/partners/partner_store.h"
#include "tributary/partner/v1/approval_task.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.ApprovalTaskService.
class ApprovalTaskService {
 public:
  // Decides what a task is about, and by that the task: locks the subject, then calls Approvals::Settle. What other
  // services have is decided by its task alone.
  using DecideSubject = std::function<absl::Status(const rpc::Call&, rpc::Unit&, const ApprovalTask&, ApprovalVerdict,
                                                   std::string_view comment)>;

  // `tokens` outlives the service.
  ApprovalTaskService(std::map<ApprovalSubjectKind, DecideSubject> subjects, const PageTokens& tokens)
      : subjects_(std::move(subjects)), tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetApprovalTaskRequest& request,
                   v1::ApprovalTask* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListApprovalTasksRequest& request,
                    v1::ListApprovalTasksResponse* reply);
  absl::Status Approve(const rpc::Call& call, rpc::Unit& unit, const v1::ApproveApprovalTaskRequest& request,
                       v1::ApprovalTask* reply);
  absl::Status Reject(const rpc::Call& call, rpc::Unit& unit, const v1::RejectApprovalTaskRequest& request,
                      v1::ApprovalTask* reply);
  absl::Status Delegate(const rpc::Call& call, rpc::Unit& unit, const v1::DelegateApprovalTaskRequest& request,
                        v1::ApprovalTask* reply);
  absl::Status RevokeDelegation(const rpc::Call& call, rpc::Unit& unit,
                                const v1::RevokeApprovalTaskDelegationRequest& request, v1::ApprovalTask* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateApprovalTaskRequest& request,
                      v1::ApprovalTask* reply);
  absl::Status Withdraw(const rpc::Call& call, rpc::Unit& unit, const v1::WithdrawApprovalTaskRequest& request,
                        v1::ApprovalTask* reply);

 private:
  template <typename Request>
  absl::Status Decide(const rpc::Call& call, rpc::Unit& unit, const Request& request, ApprovalVerdict verdict,
                      v1::ApprovalTask* reply);

  const std::map<ApprovalSubjectKind, DecideSubject> subjects_;
  const PageTokens& tokens_;
  ApprovalTaskStore tasks_;
  Approvals approvals_;
  PartnerStore partners_;
};

}  // namespace tributary::partner
