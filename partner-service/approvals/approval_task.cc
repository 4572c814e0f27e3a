#include "partner-service/approvals/approval_task.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

constexpr size_t kMostDelegations = 20;

bool Has(const std::vector<std::string>& subjects, std::string_view subject) {
  return std::find(subjects.begin(), subjects.end(), subject) != subjects.end();
}

// Whether it is "collection/id", or more of these.
bool IsResourceName(std::string_view name) {
  std::string pattern;
  std::string_view rest = name;
  bool collection = true;
  do {
    const std::string_view segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(segment.size() + 1, rest.size()));
    if (collection && (rest.empty() || !std::all_of(segment.begin(), segment.end(), absl::ascii_isalpha))) return false;
    StrAppend(&pattern, pattern.empty() ? "" : "/", collection ? segment : "{id}");
    collection = !collection;
  } while (!rest.empty());
  return ParseResourceName(name, pattern).ok();
}

bool ByOwnAuthority(const ApprovalTask& task, const Approver& approver) {
  if (Has(task.authority.subjects, approver.subject)) return true;
  return std::any_of(approver.roles.begin(), approver.roles.end(), [&](ApproverRole role) {
    return std::find(task.authority.roles.begin(), task.authority.roles.end(), role) != task.authority.roles.end();
  });
}

// Whether one of the first `count` delegations makes `subject` one who may, all the way from somebody who may himself.
bool ByDelegation(const ApprovalTask& task, std::string_view subject, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const ApprovalDelegation& delegation = task.delegations[i];
    if (delegation.delegate != subject || !delegation.revoked_by.empty()) continue;
    if (Has(task.ask.requesters, delegation.delegator)) continue;
    if (delegation.by_own_authority || ByDelegation(task, delegation.delegator, i)) return true;
  }
  return false;
}

// The place of the delegation to `delegate` that stands; past the last where there is none.
size_t StandingTo(const ApprovalTask& task, std::string_view delegate) {
  size_t at = 0;
  while (at < task.delegations.size() &&
         (task.delegations[at].delegate != delegate || !task.delegations[at].revoked_by.empty())) {
    ++at;
  }
  return at;
}

absl::Status CheckPending(const ApprovalTask& task, std::string_view verb) {
  if (task.state == ApprovalTaskState::kPending) return absl::OkStatus();
  return WrongState(task.name(), verb, NameOf(task.state), "PENDING");
}

absl::Status CheckMayDecide(const ApprovalTask& task, const Approver& approver, std::string_view verb,
                            bool by_delegation = true) {
  if (Has(task.ask.requesters, approver.subject)) {
    return SecondPersonRequired(task.ask.subject, "who asked for it", StrCat(verb, " it"));
  }
  if (ByOwnAuthority(task, approver)) return absl::OkStatus();
  if (by_delegation && ByDelegation(task, approver.subject, task.delegations.size())) return absl::OkStatus();
  return Error(
      Reason::kPermissionDenied,
      StrCat(task.ask.subject, ": got ", verb, " by ", Printable(approver.subject), ", want one of those who may by ",
             task.authority.policy_id.empty() ? "role" : StrCat("approvalPolicies/", task.authority.policy_id),
             by_delegation ? ", or to whom they delegated it" : ", or who delegated it"));
}

ApprovalTask Decided(const ApprovalTask& task, ApprovalTaskState state, std::string_view by, absl::Time now) {
  ApprovalTask next = task;
  next.state = state;
  next.decided_by = std::string(by);
  next.decide_time = now;
  next.revision = task.revision.Next(now);
  return next;
}

}  // namespace

std::string_view NameOf(ApprovalTaskState state) {
  switch (state) {
    case ApprovalTaskState::kPending:
      return "PENDING";
    case ApprovalTaskState::kApproved:
      return "APPROVED";
    case ApprovalTaskState::kRejected:
      return "REJECTED";
    case ApprovalTaskState::kWithdrawn:
      return "WITHDRAWN";
  }
  return "STATE_UNSPECIFIED";
}

std::string ApprovalTask::name() const { return StrCat("approvalTasks/", id); }

absl::Status CheckAsk(const ApprovalAsk& ask) {
  std::vector<FieldViolation> violations;
  if (!IsResourceName(ask.subject)) {
    violations.push_back({"subject", Printable(ask.subject), "a resource's name, such as partners/p-1/claims/c-1"});
  } else if (!KindOfOthers(ask.subject).has_value()) {
    violations.push_back(
        {"subject", Printable(ask.subject), "a resource of another service: this one waits for approval by itself"});
  }
  for (size_t i = 0; i < ask.requesters.size(); ++i) {
    CheckOneLine(StrCat("requesters[", i, "]"), ask.requesters[i], &violations);
  }
  if (ask.amount.has_value()) {
    if (!CurrencyExponent(ask.amount->currency).has_value()) {
      violations.push_back({"amount.currency_code", Printable(ask.amount->currency), "an ISO 4217 code"});
    }
    if (ask.amount->amount < Decimal()) {
      violations.push_back({"amount", ask.amount->amount.ToString(), "0 or more"});
    }
  }
  return AllOf(std::move(violations));
}

absl::StatusOr<bool> IsAskedAlready(const ApprovalTask& last, const ApprovalAsk& ask) {
  if (ask.subject_version > last.ask.subject_version) return false;
  if (ask.subject_version < last.ask.subject_version) {
    return Error(Reason::kStateConflict,
                 StrCat("subject_revision: got ", ask.subject_version, " of ", ask.subject, ", of which ",
                        last.ask.subject_version, " was asked for by ", last.name(), ", want a later one"),
                 {{"resource", last.name()}});
  }
  std::vector<FieldViolation> violations;
  const auto same = [&](std::string_view field) {
    violations.push_back({std::string(field), "others",
                          StrCat("those that revision ", last.ask.subject_version, " was asked for with by ",
                                 last.name(), ", or a later revision")});
  };
  if (ask.requesters != last.ask.requesters) same("requesters");
  if (ask.amount != last.ask.amount) same("amount");
  RETURN_IF_ERROR(AllOf(std::move(violations)));
  return true;
}

ApprovalTask NewTask(const ApprovalAsk& ask, const ApprovalAuthority& authority, absl::Time now) {
  ApprovalTask task{.revision = Revision::First(now), .ask = ask, .authority = authority};
  task.id = task.revision.uid.ToString();
  if (authority.due.has_value()) task.due_time = now + *authority.due;
  return task;
}

ApprovalTask AskAgain(const ApprovalTask& task, const ApprovalAsk& ask, const ApprovalAuthority& authority,
                      absl::Time now) {
  ApprovalTask next = NewTask(ask, authority, now);
  next.id = task.id;
  next.revision = task.revision.Next(now);
  return next;
}

ApprovalTask Passed(ApprovalTask task, absl::Time now) {
  task.state = ApprovalTaskState::kApproved;
  task.decide_time = now;
  return task;
}

absl::StatusOr<ApprovalTask> Decide(const ApprovalTask& task, ApprovalVerdict verdict, const Approver& approver,
                                    std::string_view comment, absl::Time now) {
  const bool approve = verdict == ApprovalVerdict::kApprove;
  const std::string_view verb = approve ? "approve" : "reject";
  RETURN_IF_ERROR(CheckPending(task, verb));
  std::vector<FieldViolation> violations;
  CheckOneLine("comment", comment, &violations);
  RETURN_IF_ERROR(AllOf(std::move(violations)));
  ApprovalTaskState state = approve ? ApprovalTaskState::kApproved : ApprovalTaskState::kRejected;
  if (!approve && Has(task.ask.requesters, approver.subject)) {
    state = ApprovalTaskState::kWithdrawn;
  } else {
    RETURN_IF_ERROR(CheckMayDecide(task, approver, verb));
  }
  ApprovalTask next = Decided(task, state, approver.subject, now);
  next.comment = std::string(comment);
  return next;
}

absl::StatusOr<ApprovalTask> Delegate(const ApprovalTask& task, const Approver& delegator, std::string_view delegate,
                                      std::string_view comment, absl::Time now) {
  RETURN_IF_ERROR(CheckPending(task, "delegate"));
  std::vector<FieldViolation> violations;
  CheckOneLine("delegate", delegate, &violations);
  CheckOneLine("comment", comment, &violations);
  RETURN_IF_ERROR(AllOf(std::move(violations)));
  RETURN_IF_ERROR(CheckMayDecide(task, delegator, "delegate"));
  if (Has(task.ask.requesters, delegate)) {
    return Error(Reason::kSecondPersonRequired, StrCat(task.ask.subject, ": delegate: got ", Printable(delegate),
                                                       ", who asked for it, want somebody else"));
  }
  if (StandingTo(task, delegate) != task.delegations.size() || delegate == delegator.subject) {
    return InvalidField("delegate", Printable(delegate), "somebody other than you, to whom it is not delegated yet");
  }
  if (task.delegations.size() == kMostDelegations) {
    return InvalidField("delegate", Printable(delegate),
                        StrCat("at most ", kMostDelegations, " delegations of a task"));
  }
  ApprovalTask next = task;
  next.delegations.push_back({.delegator = delegator.subject,
                              .delegate = std::string(delegate),
                              .comment = std::string(comment),
                              .time = now,
                              .by_own_authority = ByOwnAuthority(task, delegator)});
  next.revision = task.revision.Next(now);
  return next;
}

absl::StatusOr<ApprovalTask> RevokeDelegation(const ApprovalTask& task, const Approver& by, std::string_view delegate,
                                              absl::Time now) {
  RETURN_IF_ERROR(CheckPending(task, "revokeDelegation"));
  const size_t at = StandingTo(task, delegate);
  if (at == task.delegations.size()) {
    return InvalidField("delegate", Printable(delegate), "somebody to whom it is delegated");
  }
  if (task.delegations[at].delegator != by.subject) {
    RETURN_IF_ERROR(CheckMayDecide(task, by, "revokeDelegation", /*by_delegation=*/false));
  }
  ApprovalTask next = task;
  next.delegations[at].revoked_by = by.subject;
  next.delegations[at].revoke_time = now;
  next.revision = task.revision.Next(now);
  return next;
}

absl::StatusOr<ApprovalTask> WithdrawByService(const ApprovalTask& task, std::string_view by, absl::Time now) {
  RETURN_IF_ERROR(CheckPending(task, "withdraw"));
  if (!IsOfAnotherService(task.ask.kind)) {
    return InvalidField("name", task.name(), "a task about what another service has");
  }
  return Withdraw(task, by, now);
}

ApprovalTask Withdraw(const ApprovalTask& task, std::string_view by, absl::Time now) {
  return Decided(task, ApprovalTaskState::kWithdrawn, by, now);
}

std::optional<ApprovalTask> Overdue(const ApprovalTask& task, absl::Time now) {
  if (task.state != ApprovalTaskState::kPending || task.overdue || !task.due_time.has_value() || now < *task.due_time) {
    return std::nullopt;
  }
  ApprovalTask next = task;
  next.overdue = true;
  next.revision = task.revision.Next(now);
  return next;
}

}  // namespace tributary::partner
