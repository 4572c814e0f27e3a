#include "partner-service/approvals/approval_task_service.h"

#include <optional>
#include <string>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "partner-service/approvals/approval_proto.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {
constexpr std::string_view kTaskPattern = "approvalTasks/{approval_task}";
}  // namespace

void ApprovalTaskService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.ApprovalTaskService", this)
      .Unary("GetApprovalTask", &ApprovalTaskService::Get)
      .Unary("ListApprovalTasks", &ApprovalTaskService::List)
      .Unary("ApproveApprovalTask", &ApprovalTaskService::Approve)
      .Unary("RejectApprovalTask", &ApprovalTaskService::Reject)
      .Unary("DelegateApprovalTask", &ApprovalTaskService::Delegate)
      .Unary("RevokeApprovalTaskDelegation", &ApprovalTaskService::RevokeDelegation)
      .Unary("CreateApprovalTask", &ApprovalTaskService::Create)
      .Unary("WithdrawApprovalTask", &ApprovalTaskService::Withdraw);
}

absl::Status ApprovalTaskService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetApprovalTaskRequest& request,
                                      v1::ApprovalTask* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kTaskPattern));
  ASSIGN_OR_RETURN(const ApprovalTask task, tasks_.Get(unit.sql(), ids[0]));
  *reply = ToProto(task);
  return absl::OkStatus();
}

absl::Status ApprovalTaskService::List(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ListApprovalTasksRequest& request,
                                       v1::ListApprovalTasksResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, ApprovalTaskStore::Fields(), ""));
  ASSIGN_OR_RETURN(std::vector<ApprovalTask> tasks, tasks_.List(unit.sql(), page));
  reply->set_next_page_token(page.Cut(&tasks, [](const ApprovalTask& last) { return std::vector{last.id}; }));
  for (const ApprovalTask& task : tasks) *reply->add_approval_tasks() = ToProto(task);
  return absl::OkStatus();
}

// The task is read without a lock, for its subject is locked before it. That it is still what was read is seen by its
// version, which every change of it raises.
template <typename Request>
absl::Status ApprovalTaskService::Decide(const rpc::Call& call, rpc::Unit& unit, const Request& request,
                                         ApprovalVerdict verdict, v1::ApprovalTask* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kTaskPattern));
  ASSIGN_OR_RETURN(const ApprovalTask seen, tasks_.Get(unit.sql(), ids[0]));
  RETURN_IF_ERROR(CheckEtag(seen.name(), request.etag(), seen.revision.version));
  // Says why not before anything is locked.
  RETURN_IF_ERROR(partner::Decide(seen, verdict, ApproverOf(*call.identity), request.comment(), call.now).status());
  if (IsOfAnotherService(seen.ask.kind)) {
    ASSIGN_OR_RETURN(const ApprovalTask locked, tasks_.GetForUpdate(unit.sql(), ids[0]));
    if (locked.revision.version != seen.revision.version) {
      return unit.sql().RunAgain(StrCat(seen.name(), " changed meanwhile"));
    }
    RETURN_IF_ERROR(approvals_.Settle(call, unit, seen.ask.subject, verdict, request.comment()));
  } else {
    RETURN_IF_ERROR(subjects_.at(seen.ask.kind)(call, unit, seen, verdict, request.comment()));
  }
  ASSIGN_OR_RETURN(const ApprovalTask settled, tasks_.Get(unit.sql(), ids[0]));
  if (settled.revision.version != seen.revision.version + 1) {
    return unit.sql().RunAgain(StrCat(seen.name(), " changed meanwhile"));
  }
  *reply = ToProto(settled);
  return absl::OkStatus();
}

absl::Status ApprovalTaskService::Approve(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::ApproveApprovalTaskRequest& request, v1::ApprovalTask* reply) {
  return Decide(call, unit, request, ApprovalVerdict::kApprove, reply);
}

absl::Status ApprovalTaskService::Reject(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::RejectApprovalTaskRequest& request, v1::ApprovalTask* reply) {
  return Decide(call, unit, request, ApprovalVerdict::kReject, reply);
}

absl::Status ApprovalTaskService::Delegate(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::DelegateApprovalTaskRequest& request, v1::ApprovalTask* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kTaskPattern));
  ASSIGN_OR_RETURN(const ApprovalTask task, tasks_.GetForUpdate(unit.sql(), ids[0]));
  RETURN_IF_ERROR(CheckEtag(task.name(), request.etag(), task.revision.version));
  ASSIGN_OR_RETURN(const ApprovalTask delegated, partner::Delegate(task, ApproverOf(*call.identity), request.delegate(),
                                                                   request.comment(), call.now));
  RETURN_IF_ERROR(tasks_.Update(unit.sql(), delegated));
  unit.Emit(Told("delegated", delegated));
  *reply = ToProto(delegated);
  return absl::OkStatus();
}

absl::Status ApprovalTaskService::RevokeDelegation(const rpc::Call& call, rpc::Unit& unit,
                                                   const v1::RevokeApprovalTaskDelegationRequest& request,
                                                   v1::ApprovalTask* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kTaskPattern));
  ASSIGN_OR_RETURN(const ApprovalTask task, tasks_.GetForUpdate(unit.sql(), ids[0]));
  RETURN_IF_ERROR(CheckEtag(task.name(), request.etag(), task.revision.version));
  ASSIGN_OR_RETURN(const ApprovalTask revoked,
                   partner::RevokeDelegation(task, ApproverOf(*call.identity), request.delegate(), call.now));
  RETURN_IF_ERROR(tasks_.Update(unit.sql(), revoked));
  unit.Emit(Told("delegationRevoked", revoked));
  *reply = ToProto(revoked);
  return absl::OkStatus();
}

absl::Status ApprovalTaskService::Create(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::CreateApprovalTaskRequest& request, v1::ApprovalTask* reply) {
  const auto ask = AskFromProto(request.approval_task());
  if (!ask.ok()) return AtField(ask.status(), "approval_task");
  if (!ask->partner_id.empty()) {
    const auto partner = partners_.GetForUpdate(unit.sql(), ask->partner_id);
    if (absl::IsNotFound(partner.status())) {
      return UnknownReference("approval_task.subject", ask->subject, "a resource of a partner that there is");
    }
    RETURN_IF_ERROR(partner.status());
  }
  ASSIGN_OR_RETURN(const std::optional<ApprovalTask> last, tasks_.LastOf(unit.sql(), ask->subject));
  if (last.has_value()) {
    const auto already = IsAskedAlready(*last, *ask);
    if (!already.ok()) return AtField(already.status(), "approval_task");
    if (*already) {
      *reply = ToProto(*last);
      return absl::OkStatus();
    }
  }
  ASSIGN_OR_RETURN(const std::optional<ApprovalAuthority> authority,
                   approvals_.AuthorityOver(unit.sql(), ask->kind, ask->amount));
  ASSIGN_OR_RETURN(const ApprovalTask task, approvals_.Ask(unit, *ask, authority, call.now));
  RETURN_IF_ERROR(tasks_.SetLast(unit.sql(), task));
  *reply = ToProto(task);
  return absl::OkStatus();
}

absl::Status ApprovalTaskService::Withdraw(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::WithdrawApprovalTaskRequest& request, v1::ApprovalTask* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kTaskPattern));
  ASSIGN_OR_RETURN(const ApprovalTask task, tasks_.GetForUpdate(unit.sql(), ids[0]));
  RETURN_IF_ERROR(CheckEtag(task.name(), request.etag(), task.revision.version));
  ASSIGN_OR_RETURN(const ApprovalTask withdrawn, WithdrawByService(task, call.identity->subject, call.now));
  RETURN_IF_ERROR(tasks_.Update(unit.sql(), withdrawn));
  unit.Emit(Told("withdrawn", withdrawn));
  *reply = ToProto(withdrawn);
  return absl::OkStatus();
}

}  // namespace tributary::partner
