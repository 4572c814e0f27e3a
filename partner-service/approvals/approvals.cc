#include "partner-service/approvals/approvals.h"

#include <utility>
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

absl::StatusOr<ApprovalTask> Approvals::Ask(rpc::Unit& unit, const ApprovalAsk& ask,
                                            const std::optional<ApprovalAuthority>& authority, absl::Time now) const {
  ASSIGN_OR_RETURN(const std::optional<ApprovalTask> pending, tasks_.PendingOf(unit.sql(), ask.subject));
  const ApprovalAuthority by = authority.value_or(ApprovalAuthority());
  ApprovalTask task = pending.has_value() ? AskAgain(*pending, ask, by, now) : NewTask(ask, by, now);
  if (!authority.has_value()) task = Passed(std::move(task), now);
  RETURN_IF_ERROR(pending.has_value() ? tasks_.Update(unit.sql(), task) : tasks_.Create(unit.sql(), task));
  unit.Emit(Told(authority.has_value() ? "asked" : "approved", task));
  return task;
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
