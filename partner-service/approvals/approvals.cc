#include "partner-service/approvals/approvals.h"

#include <vector>

#include "common/status/status.h"
#include "partner-service/approvals/approval_proto.h"

namespace tributary::partner {

absl::StatusOr<std::optional<ApprovalAuthority>> Approvals::AuthorityOver(mysql::Transaction& sql,
                                                                          ApprovalSubjectKind kind,
                                                                          const std::optional<Money>& amount) const {
  ASSIGN_OR_RETURN(const std::optional<ApprovalPolicy> policy,
                   policies_.Of(sql, kind, amount.has_value() ? std::string_view(amount->currency) : ""));
  return partner::AuthorityOver(kind, policy, amount);
}

absl::Status Approvals::Ask(rpc::Unit& unit, const ApprovalAsk& ask, const ApprovalAuthority& authority,
                            absl::Time now) const {
  ASSIGN_OR_RETURN(const std::optional<ApprovalTask> pending, tasks_.PendingOf(unit.sql(), ask.subject));
  if (pending.has_value()) {
    const ApprovalTask again = AskAgain(*pending, ask, authority, now);
    RETURN_IF_ERROR(tasks_.Update(unit.sql(), again));
    unit.Emit(Told("asked", again));
    return absl::OkStatus();
  }
  const ApprovalTask task = NewTask(ask, authority, now);
  RETURN_IF_ERROR(tasks_.Create(unit.sql(), task));
  unit.Emit(Told("asked", task));
  return absl::OkStatus();
}

absl::Status Approvals::Settle(const rpc::Call& call, rpc::Unit& unit, std::string_view subject,
                               ApprovalVerdict verdict, std::string_view comment) const {
  ASSIGN_OR_RETURN(const std::optional<ApprovalTask> pending, tasks_.PendingOf(unit.sql(), subject));
  if (!pending.has_value()) return Error(Reason::kInternal, StrCat(subject, " waits without an approval task"));
  ASSIGN_OR_RETURN(const ApprovalTask settled,
                   Decide(*pending, verdict, ApproverOf(*call.identity), comment, call.now));
  RETURN_IF_ERROR(tasks_.Update(unit.sql(), settled));
  unit.Emit(Told(settled.state == ApprovalTaskState::kApproved   ? "approved"
                 : settled.state == ApprovalTaskState::kRejected ? "rejected"
                                                                 : "withdrawn",
                 settled));
  return absl::OkStatus();
}

absl::Status Approvals::Withdraw(const rpc::Call& call, rpc::Unit& unit, std::string_view subject) const {
  ASSIGN_OR_RETURN(const std::optional<ApprovalTask> pending, tasks_.PendingOf(unit.sql(), subject));
  if (!pending.has_value()) return absl::OkStatus();
  const ApprovalTask withdrawn = partner::Withdraw(*pending, call.identity->subject, call.now);
  RETURN_IF_ERROR(tasks_.Update(unit.sql(), withdrawn));
  unit.Emit(Told("withdrawn", withdrawn));
  return absl::OkStatus();
}

absl::Status Approvals::WithdrawAllOf(const rpc::Call& call, rpc::Unit& unit, std::string_view partner_id) const {
  ASSIGN_OR_RETURN(const std::vector<ApprovalTask> pending, tasks_.PendingOfPartner(unit.sql(), partner_id));
  for (const ApprovalTask& task : pending) {
    const ApprovalTask withdrawn = partner::Withdraw(task, call.identity->subject, call.now);
    RETURN_IF_ERROR(tasks_.Update(unit.sql(), withdrawn));
    unit.Emit(Told("withdrawn", withdrawn));
  }
  return absl::OkStatus();
}

}  // namespace tributary::partner
