#pragma once

// What things of a service wait for an approval that partner-service takes care of: where a policy (ApprovalPolicy)
// covers a thing, its service asks for a task (ApprovalTask), and the decision on the task moves the thing. Where none
// does, nothing is asked, and the service's own verbs decide.
//
// To ask is to store a row in the transaction that makes the thing wait; ApprovalAsker sends it afterwards, and
// ApplyApprovals (approval_feed.h) hears what was decided. So nothing is asked for in vain or forgotten, whoever
// crashes when, and nobody waits for partner-service. Each call works in the caller's transaction, which has locked the
// thing.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/money/money.h"
#include "common/mysql/database.h"
#include "tributary/partner/v1/approval_policy.pb.h"

namespace tributary::approvals {

// The numbers are stored.
enum class AskState : int {
  kToAsk = 1,       // partner-service has not been asked yet
  kAsked = 2,       // its task decides
  kToWithdraw = 3,  // the thing no longer waits; its task, where it has one, is to be withdrawn
  kDone = 4,        // nothing decides it but its own verbs
};

// What is asked for.
struct Ask {
  std::string subject;                  // name of the thing
  int64_t revision = 0;                 // of it, as it waits; a thing that waits anew has a later one
  std::vector<std::string> requesters;  // principals, everybody who had a part in it
  std::optional<Money> amount;
  AskState state = AskState::kToAsk;
  std::string task;  // approvalTasks/{approval_task}; empty until it is known
};

// The tables approval_ask and known_approval_policy, which each service that asks has in its own schema.
class ApprovalAsks {
 public:
  // Asks, where a policy of the kind and of the amount's currency, or of none without an amount, is known; whether one
  // is. (Task and state of `ask` are of no concern.) `from`: now, or when a decision may come at the earliest.
  absl::StatusOr<bool> AskWhereCovered(mysql::Transaction& sql, partner::v1::ApprovalPolicy::SubjectKind kind,
                                       const Ask& ask, absl::Time from) const;
  // The thing no longer waits, by a verb of its own.
  absl::Status Withdraw(mysql::Transaction& sql, std::string_view subject, absl::Time now) const;
  // STATE_CONFLICT where a task decides the thing, and so not `verb`.
  absl::Status CheckNotAsked(mysql::Transaction& sql, std::string_view subject, std::string_view verb) const;
  // The task that decides or decided the thing; empty where there is none or it is not known yet.
  absl::StatusOr<std::string> TaskOf(mysql::Transaction& sql, std::string_view subject) const;

  // Whether a policy of the kind and of this currency ("" for things without an amount) is known.
  absl::StatusOr<bool> Covers(mysql::Transaction& sql, partner::v1::ApprovalPolicy::SubjectKind kind,
                              std::string_view currency) const;

  // nullopt where it was never asked for.
  absl::StatusOr<std::optional<Ask>> Get(mysql::Transaction& sql, std::string_view subject) const;
  // The same, and nobody changes it until the transaction ends.
  absl::StatusOr<std::optional<Ask>> GetForUpdate(mysql::Transaction& sql, std::string_view subject) const;
  // Those that partner-service is to be told of by now, the oldest first, without the first `skip`.
  absl::StatusOr<std::vector<Ask>> ToSend(mysql::Transaction& sql, absl::Time now, int skip, int limit) const;
  // From kToAsk, where the revision is still the one that is asked for.
  absl::Status SetAsked(mysql::Transaction& sql, const Ask& ask, std::string_view task) const;
  // From any state, likewise; whether it was not done before.
  absl::StatusOr<bool> SetDone(mysql::Transaction& sql, std::string_view subject, int64_t revision,
                               std::string_view task) const;

  // Policies, as the feed tells of them.
  absl::Status PutPolicy(mysql::Transaction& sql, const partner::v1::ApprovalPolicy& policy) const;
  absl::Status DeletePolicy(mysql::Transaction& sql, const partner::v1::ApprovalPolicy& policy) const;
};

}  // namespace tributary::approvals
