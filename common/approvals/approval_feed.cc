#include "common/approvals/approval_feed.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "common/approvals/approval_asks.h"
#include "common/auth/identity.h"
#include "common/events/payload.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "tributary/partner/v1/approval_policy.pb.h"
#include "tributary/partner/v1/approval_task.pb.h"

namespace tributary::approvals {
namespace {

using partner::v1::ApprovalPolicy;
using partner::v1::ApprovalTask;

std::optional<Verdict> VerdictOf(const ApprovalTask& task) {
  switch (task.state()) {
    case ApprovalTask::APPROVED:
      return Verdict::kApproved;
    case ApprovalTask::REJECTED:
      return Verdict::kRejected;
    case ApprovalTask::WITHDRAWN:
      return Verdict::kWithdrawn;
    default:
      return std::nullopt;
  }
}

absl::Status Keep(mysql::Transaction& sql, const events::Event& event) {
  ASSIGN_OR_RETURN(const ApprovalPolicy policy, events::PayloadOf<ApprovalPolicy>(event));
  return event.verb == "deleted" ? ApprovalAsks().DeletePolicy(sql, policy) : ApprovalAsks().PutPolicy(sql, policy);
}

absl::Status Follow(mysql::Transaction& sql, const events::Event& event, absl::Time now, events::Outbox& outbox,
                    MoveSubject move) {
  ASSIGN_OR_RETURN(const ApprovalTask task, events::PayloadOf<ApprovalTask>(event));
  const std::optional<Verdict> verdict = VerdictOf(task);
  if (!verdict.has_value()) return absl::OkStatus();
  const ApprovalAsks asks;
  // A thing that changes meanwhile withdraws what it asked: before this, and then its task decides nothing, or after.
  ASSIGN_OR_RETURN(const std::optional<Ask> ask, asks.GetForUpdate(sql, task.subject()));
  if (!ask.has_value() || ask->revision != task.subject_revision()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool waits, asks.SetDone(sql, ask->subject, ask->revision, task.name()));
  if (!waits || ask->state == AskState::kToWithdraw) return absl::OkStatus();
  rpc::Call call;
  call.now = now;
  call.deadline = absl::InfiniteFuture();
  call.identity = std::make_shared<const auth::Identity>(auth::Identity{.subject = task.decided_by()});
  rpc::Unit unit(sql);
  RETURN_IF_ERROR(move(call, unit,
                       {.subject = ask->subject,
                        .verdict = *verdict,
                        .decided_by = task.decided_by(),
                        .note = task.comment().empty() ? task.name() : task.comment()}));
  outbox.Append(std::move(unit.outbox()));
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> ApprovalPayloads() {
  return {ApprovalPolicy::descriptor()->full_name(), ApprovalTask::descriptor()->full_name()};
}

absl::Status ApplyApprovals(mysql::Transaction& sql, absl::Span<const events::Event> events, absl::Time now,
                            events::Outbox& outbox, MoveSubject move) {
  for (const events::Event& event : events) {
    if (event.type == ApprovalPolicy::descriptor()->full_name()) RETURN_IF_ERROR(Keep(sql, event));
    if (event.type == ApprovalTask::descriptor()->full_name()) RETURN_IF_ERROR(Follow(sql, event, now, outbox, move));
  }
  return absl::OkStatus();
}

}  // namespace tributary::approvals
