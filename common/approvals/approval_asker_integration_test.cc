// What is sent to partner-service, and what its failures keep from being sent.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "common/approvals/approval_asker.h"
#include "common/approvals/approval_asks.h"
#include "common/auth/tokens.h"
#include "common/mysql/database.h"
#include "common/process/config.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/rpc/testing_server.h"
#include "common/status/status.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/clock.h"
#include "prometheus/registry.h"
#include "tributary/partner/v1/approval_task.pb.h"

namespace tributary::approvals {
namespace {

namespace pv1 = partner::v1;

// A file of a service's schema; tests run from the root of the repository.
std::string TableOf(const std::string& file) {
  const absl::StatusOr<std::string> text = process::ReadFile(file);
  EXPECT_OK(text);
  return text.value_or("");
}

// partner-service, as far as it is asked for tasks.
class Tasks {
 public:
  void Register(rpc::Server& server) {
    using T = Tasks;
    server.Add("tributary.partner.v1.ApprovalTaskService", this)
        .Unary("GetApprovalTask", &T::Nothing<pv1::GetApprovalTaskRequest, pv1::ApprovalTask>)
        .Unary("ListApprovalTasks", &T::Nothing<pv1::ListApprovalTasksRequest, pv1::ListApprovalTasksResponse>)
        .Unary("ApproveApprovalTask", &T::Nothing<pv1::ApproveApprovalTaskRequest, pv1::ApprovalTask>)
        .Unary("RejectApprovalTask", &T::Nothing<pv1::RejectApprovalTaskRequest, pv1::ApprovalTask>)
        .Unary("DelegateApprovalTask", &T::Nothing<pv1::DelegateApprovalTaskRequest, pv1::ApprovalTask>)
        .Unary("RevokeApprovalTaskDelegation", &T::Nothing<pv1::RevokeApprovalTaskDelegationRequest, pv1::ApprovalTask>)
        .Unary("CreateApprovalTask", &T::Create)
        .Unary("WithdrawApprovalTask", &T::Nothing<pv1::WithdrawApprovalTaskRequest, pv1::ApprovalTask>);
  }
  // What is asked for a subject that begins so is answered with.
  void Answer(const std::string& prefix, Reason reason) {
    std::lock_guard lock(mutex_);
    answers_[prefix] = reason;
  }
  void AnswerAll() {
    std::lock_guard lock(mutex_);
    answers_.clear();
  }
  int asked() const {
    std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  template <typename Request, typename Reply>
  absl::Status Nothing(const rpc::Call&, rpc::Unit&, const Request&, Reply*) {
    return absl::OkStatus();
  }
  absl::Status Create(const rpc::Call&, rpc::Unit&, const pv1::CreateApprovalTaskRequest& request,
                      pv1::ApprovalTask* reply) {
    std::lock_guard lock(mutex_);
    ++asked_;
    for (const auto& [prefix, reason] : answers_) {
      if (request.approval_task().subject().starts_with(prefix)) return Error(reason, "as told");
    }
    *reply = request.approval_task();
    reply->set_name("approvalTasks/t-1");
    return absl::OkStatus();
  }

  mutable std::mutex mutex_;
  std::map<std::string, Reason> answers_;  // guarded by mutex_
  int asked_ = 0;                          // guarded by mutex_
};

class ApprovalAskerTest : public ::testing::Test {
 protected:
  ApprovalAskerTest() {
    EXPECT_OK(database_->ApplySchema(schema_));
    tasks_.Register(server_);
    EXPECT_OK(server_.Start());
    client_ = std::make_unique<rpc::Client>(
        rpc::ClientOptions{.address = StrCat("127.0.0.1:", server_.port()),
                           .token = [token = *signer_->Sign({.subject = "service/test", .roles = {api::v1::SERVICE}},
                                                            clock_.Now(), absl::Hours(1))] { return token; },
                           .retries = false});
    asker_ = std::make_unique<ApprovalAsker>(*database_, *client_, clock_);
    pv1::ApprovalPolicy policy;
    policy.set_name("approvalPolicies/all");
    policy.set_subject_kind(pv1::ApprovalPolicy::CLAIM);
    EXPECT_OK(In([&](mysql::Transaction& sql) { return asks_.PutPolicy(sql, policy); }));
  }
  template <typename Body>
  absl::Status In(Body body) {
    return database_->Transact({}, body);
  }
  // Those that were asked for with a smaller `after` come first.
  void AskFor(const std::string& subject, int after, int count = 1) {
    ASSERT_OK(In([&](mysql::Transaction& sql) -> absl::Status {
      for (int i = 0; i < count; ++i) {
        const Ask ask{.subject = StrCat(subject, i), .revision = 1, .requesters = {"clerk"}};
        RETURN_IF_ERROR(asks_
                            .AskWhereCovered(sql, pv1::ApprovalPolicy::CLAIM, ask,
                                             clock_.Now() - absl::Hours(1) + absl::Seconds(after))
                            .status());
      }
      return absl::OkStatus();
    }));
  }
  int Waiting() {
    int waiting = -1;
    EXPECT_OK(In([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const auto to_send, asks_.ToSend(sql, clock_.Now(), 0, 1000));
      waiting = static_cast<int>(to_send.size());
      return absl::OkStatus();
    }));
    return waiting;
  }

  FakeClock clock_{absl::Now()};
  const std::string asks_table_ = TableOf("inventory-service/schema/0068_approval_ask.sql");
  const std::string policies_table_ = TableOf("inventory-service/schema/0069_known_approval_policy.sql");
  const mysql::Schema schema_{
      .component = "approvals",
      .files = {{1, "0001_approval_ask.sql", asks_table_}, {2, "0002_known_approval_policy.sql", policies_table_}}};
  const std::unique_ptr<mysql::Database> database_ = rpc::testing::NewDatabase();
  const auth::TokenSigner::KeyPair keys_ = *auth::TokenSigner::NewKeyPair("test");
  const std::unique_ptr<auth::TokenSigner> signer_ = *auth::TokenSigner::FromJwk(keys_.private_jwk);
  const std::unique_ptr<auth::TokenVerifier> verifier_ = *auth::TokenVerifier::FromJwks(keys_.public_jwks);
  prometheus::Registry registry_;
  const ApprovalAsks asks_{};
  Tasks tasks_;
  rpc::Server server_{
      rpc::Frame{.clock = &clock_, .database = database_.get(), .verifier = verifier_.get(), .registry = &registry_},
      rpc::ServerOptions{.address = "127.0.0.1:0"}};
  std::unique_ptr<rpc::Client> client_;
  std::unique_ptr<ApprovalAsker> asker_;
};

TEST_F(ApprovalAskerTest, WhatFailsForGoodKeepsNothingElseWaiting) {
  tasks_.Answer("partners/p-1/claims/broken-", Reason::kInternal);
  tasks_.Answer("partners/p-1/claims/refused-", Reason::kReferenceNotFound);
  AskFor("partners/p-1/claims/broken-", 0, 120);
  AskFor("partners/p-1/claims/refused-", 1);
  AskFor("partners/p-1/claims/fine-", 2);
  EXPECT_THAT(asker_->SendAll(), HasReason(Reason::kInternal));
  EXPECT_EQ(tasks_.asked(), 122);
  EXPECT_EQ(Waiting(), 120);
  EXPECT_THAT(asker_->SendAll(), HasReason(Reason::kInternal)) << "they are asked for again";
  EXPECT_EQ(tasks_.asked(), 242);
  tasks_.AnswerAll();
  EXPECT_OK(asker_->SendAll());
  EXPECT_EQ(Waiting(), 0);
}

TEST_F(ApprovalAskerTest, NobodyGoesOnAskingWhoDoesNotAnswer) {
  tasks_.Answer("partners/", Reason::kServiceUnavailable);
  AskFor("partners/p-1/claims/c-", 0, 10);
  EXPECT_THAT(asker_->SendAll(), HasReason(Reason::kServiceUnavailable));
  EXPECT_EQ(tasks_.asked(), 3);
  EXPECT_EQ(Waiting(), 10);
}

}  // namespace
}  // namespace tributary::approvals
