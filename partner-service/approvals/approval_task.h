#pragma once

// Approval tasks and the decisions about them: what somebody asked for waits until another, who may, has decided. Pure
// values and decisions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/money/money.h"
#include "partner-service/approvals/approval_policy.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class ApprovalTaskState { kPending = 1, kApproved = 2, kRejected = 3, kWithdrawn = 4 };
std::string_view NameOf(ApprovalTaskState state);

enum class ApprovalVerdict { kApprove, kReject };

// Who decides.
struct Approver {
  std::string subject;  // principal
  std::vector<ApproverRole> roles;
};

// What is asked for.
struct ApprovalAsk {
  ApprovalSubjectKind kind = ApprovalSubjectKind::kBankAccount;
  std::string subject;  // resource name
  std::string partner_id;
  int64_t subject_version = 0;
  std::vector<std::string> requesters;  // principals, everybody who had a part in it
  std::optional<Money> amount;
};

struct ApprovalDelegation {
  std::string delegator;
  std::string delegate;
  std::string comment;
  absl::Time time;
  bool by_own_authority = false;  // by role or name, not by another's delegation
  std::string revoked_by;         // empty while it stands
  std::optional<absl::Time> revoke_time;

  friend bool operator==(const ApprovalDelegation&, const ApprovalDelegation&) = default;
};

struct ApprovalTask {
  std::string id;
  Revision revision;
  ApprovalTaskState state = ApprovalTaskState::kPending;
  ApprovalAsk ask;
  ApprovalAuthority authority;  // its `due` is not kept: due_time is
  std::vector<ApprovalDelegation> delegations;
  std::optional<absl::Time> due_time;
  bool overdue = false;  // that it is was told
  std::string decided_by;
  std::optional<absl::Time> decide_time;
  std::string comment;

  std::string name() const;  // approvalTasks/{id}
};

// INVALID_FIELD, each that is wrong: a subject that is no resource name, or that this service decides itself; a
// requester with control characters; an amount below 0 or in no currency.
absl::Status CheckAsk(const ApprovalAsk& ask);

// Whether what another service asks for is what it asked for by `last`. Refused: STATE_CONFLICT where a later revision
// was asked for since; INVALID_FIELD where the same revision comes with other requesters or another amount.
absl::StatusOr<bool> IsAskedAlready(const ApprovalTask& last, const ApprovalAsk& ask);

// The decisions. Each answers the task as it is afterwards, or why not.
ApprovalTask NewTask(const ApprovalAsk& ask, const ApprovalAuthority& authority, absl::Time now);
// What is asked for has changed: who may approve and when it is due are so as of now, delegations end.
ApprovalTask AskAgain(const ApprovalTask& task, const ApprovalAsk& ask, const ApprovalAuthority& authority,
                      absl::Time now);
// Nobody need approve it: APPROVED at once, by nobody.
ApprovalTask Passed(ApprovalTask task, absl::Time now);
// Refused, in this order: not PENDING; SECOND_PERSON_REQUIRED for those who asked; PERMISSION_DENIED for who may
// neither by role nor name nor by a delegation that does not go back to somebody who asked. Who asked may reject:
// WITHDRAWN.
absl::StatusOr<ApprovalTask> Decide(const ApprovalTask& task, ApprovalVerdict verdict, const Approver& approver,
                                    std::string_view comment, absl::Time now);
// `delegate` may decide as well. Refused like an approval; SECOND_PERSON_REQUIRED for a delegate who asked;
// INVALID_FIELD for a delegate to whom it is delegated already or who is the delegator; more than 20 delegations.
absl::StatusOr<ApprovalTask> Delegate(const ApprovalTask& task, const Approver& delegator, std::string_view delegate,
                                      std::string_view comment, absl::Time now);
// The delegate, and those to whom he delegated further, may decide by it no longer. Refused, in this order: not
// PENDING; INVALID_FIELD for a delegate to whom it is not delegated; for others than the delegator, as an approval by
// role or name.
absl::StatusOr<ApprovalTask> RevokeDelegation(const ApprovalTask& task, const Approver& by, std::string_view delegate,
                                              absl::Time now);
// Refused: not PENDING; INVALID_FIELD where its subject is this service's own.
absl::StatusOr<ApprovalTask> WithdrawByService(const ApprovalTask& task, std::string_view by, absl::Time now);
// There is nothing left to approve. The task is PENDING.
ApprovalTask Withdraw(const ApprovalTask& task, std::string_view by, absl::Time now);
// To be told that it is overdue; nullopt where that is not so or was told.
std::optional<ApprovalTask> Overdue(const ApprovalTask& task, absl::Time now);

}  // namespace tributary::partner
