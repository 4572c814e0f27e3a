#pragma once

// How what waits for approval and its task change together: what the services of subjects call, each time in the
// transaction of the change and with the subject locked.

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "partner-service/approvals/approval_store.h"
#include "partner-service/approvals/approval_task.h"

namespace tributary::partner {

class Approvals {
 public:
  // Who may approve, as of now; nullopt where nobody need.
  absl::StatusOr<std::optional<ApprovalAuthority>> AuthorityOver(mysql::Transaction& sql, ApprovalSubjectKind kind,
                                                                 const std::optional<Money>& amount) const;
  // The subject waits, with what is asked for now: a task is made, or the one that waits is asked again. Without an
  // authority nobody need approve, and the task is APPROVED.
  absl::StatusOr<ApprovalTask> Ask(rpc::Unit& unit, const ApprovalAsk& ask,
                                   const std::optional<ApprovalAuthority>& authority, absl::Time now) const;
  // The subject is decided: so is its task. Refused as Decide is.
  absl::Status Settle(const rpc::Call& call, rpc::Unit& unit, std::string_view subject, ApprovalVerdict verdict,
                      std::string_view comment) const;
  // There is nothing left to approve about the subject; its task, where it has one, is WITHDRAWN.
  absl::Status Withdraw(const rpc::Call& call, rpc::Unit& unit, std::string_view subject) const;
  // The same of all subjects of a partner.
  absl::Status WithdrawAllOf(const rpc::Call& call, rpc::Unit& unit, std::string_view partner_id) const;

 private:
  ApprovalPolicyStore policies_;
  ApprovalTaskStore tasks_;
};

}  // namespace tributary::partner
