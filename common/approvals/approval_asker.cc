#include "common/approvals/approval_asker.h"

#include <string>
#include <string_view>
#include <vector>

#include "common/approvals/approval_asks.h"
#include "common/ids/uuid.h"
#include "common/rpc/lookout.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "spdlog/spdlog.h"
#include "tributary/partner/v1/approval_task.pb.h"

namespace tributary::approvals {
namespace {

constexpr int kAtOnce = 100;
constexpr int kUnanswered = 3;  // calls in a row, after which the others wait for a later look
constexpr absl::Duration kPause = absl::Seconds(1);
constexpr absl::Duration kPauseAfterFailure = absl::Seconds(5);

// Whether asking again gives the same: what was asked for is wrong, not the moment.
bool Refused(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kOutOfRange:
      return true;
    default:
      return false;
  }
}

}  // namespace

struct ApprovalAsker::State {
  mysql::Database& database;
  rpc::Client& partner_service;
  const Clock& clock;
  const ApprovalAsks asks{};
  rpc::Lookout lookout;

  template <typename Request>
  absl::StatusOr<partner::v1::ApprovalTask> Call(std::string_view method, Request* request) {
    request->set_request_id(Uuid::New(clock.Now()).ToString());
    return partner_service.Call<partner::v1::ApprovalTask>(StrCat("tributary.partner.v1.ApprovalTaskService/", method),
                                                           *request);
  }

  absl::StatusOr<partner::v1::ApprovalTask> Create(const Ask& ask) {
    partner::v1::CreateApprovalTaskRequest request;
    partner::v1::ApprovalTask& task = *request.mutable_approval_task();
    task.set_subject(ask.subject);
    task.set_subject_revision(ask.revision);
    for (const std::string& requester : ask.requesters) task.add_requesters(requester);
    if (ask.amount.has_value()) *task.mutable_amount() = wire::ToProto(*ask.amount);
    return Call("CreateApprovalTask", &request);
  }

  absl::Status Store(const Ask& ask, std::string_view task, bool done) {
    return database.Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      return done ? asks.SetDone(sql, ask.subject, ask.revision, task).status() : asks.SetAsked(sql, ask, task);
    });
  }

  // A task that is to be withdrawn is asked for first: whether it was made, and its name, may have been lost.
  absl::Status Send(const Ask& ask) {
    const bool withdraw = ask.state == AskState::kToWithdraw;
    const absl::StatusOr<partner::v1::ApprovalTask> task = Create(ask);
    absl::Status sent = task.status();
    if (sent.ok() && withdraw && task->state() == partner::v1::ApprovalTask::PENDING) {
      partner::v1::WithdrawApprovalTaskRequest request;
      request.set_name(task->name());
      request.set_etag(task->etag());  // another replica may have asked for a later revision by it
      sent = Call("WithdrawApprovalTask", &request).status();
    }
    if (!sent.ok() && !Refused(sent)) return sent;
    if (!sent.ok()) {
      spdlog::error("approval of {}: partner-service refuses it, its own verbs decide: {}", ask.subject,
                    sent.ToString());
    }
    return Store(ask, task.ok() ? task->name() : ask.task, withdraw || !sent.ok());
  }

  absl::StatusOr<std::vector<Ask>> ToSend(int skip) {
    std::vector<Ask> to_send;
    RETURN_IF_ERROR(database.Transact({.autocommit_reads = true}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(to_send, asks.ToSend(sql, clock.Now(), skip, kAtOnce));
      return absl::OkStatus();
    }));
    return to_send;
  }

  absl::Status SendAll() {
    absl::Status failed;
    int kept = 0;  // that failed, and are still to be sent
    int unanswered = 0;
    while (true) {
      ASSIGN_OR_RETURN(const std::vector<Ask> to_send, ToSend(kept));
      if (to_send.empty()) return failed;
      for (const Ask& ask : to_send) {
        if (lookout.stopping()) return failed;
        const absl::Status sent = Send(ask);
        unanswered = absl::IsUnavailable(sent) || absl::IsDeadlineExceeded(sent) ? unanswered + 1 : 0;
        if (sent.ok()) continue;
        ++kept;
        failed.Update(Annotate(sent, ask.subject));
        if (unanswered == kUnanswered) return failed;
      }
    }
  }

  absl::Duration Look() {
    const absl::Status sent = SendAll();
    if (sent.ok()) return kPause;
    spdlog::warn("approvals: partner-service is to be asked again: {}", sent.ToString());
    return kPauseAfterFailure;
  }
};

ApprovalAsker::ApprovalAsker(mysql::Database& database, rpc::Client& partner_service, const Clock& clock)
    : state_(new State{.database = database, .partner_service = partner_service, .clock = clock}) {}

ApprovalAsker::~ApprovalAsker() { Stop(); }

void ApprovalAsker::Start() {
  state_->lookout.Start("approvals", [state = state_.get()] { return state->Look(); });
}

void ApprovalAsker::Stop() { state_->lookout.Stop(); }

absl::Status ApprovalAsker::SendAll() { return state_->SendAll(); }

}  // namespace tributary::approvals
