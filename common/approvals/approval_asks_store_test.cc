// What is asked for and what was decided, on a real database with the tables as the services have them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/approvals/approval_asks.h"
#include "common/approvals/approval_feed.h"
#include "common/process/config.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "tests/support/database_server.h"
#include "tributary/partner/v1/approval_task.pb.h"

namespace tributary::approvals {
namespace {

using partner::v1::ApprovalPolicy;
using partner::v1::ApprovalTask;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A file of a service's schema; tests run from the root of the repository.
std::string SchemaText(const std::string& file) {
  const absl::StatusOr<std::string> text = process::ReadFile(file);
  EXPECT_OK(text);
  return text.value_or("");
}

class ApprovalAsksTest : public ::testing::Test {
 protected:
  ApprovalAsksTest()
      : asks_table_(SchemaText("inventory-service/schema/0068_approval_ask.sql")),
        policies_table_(SchemaText("inventory-service/schema/0069_known_approval_policy.sql")),
        schema_{.component = "approvals",
                .files = {{1, "0001_approval_ask.sql", asks_table_},
                          {2, "0002_known_approval_policy.sql", policies_table_}}},
        database_(tributary::testing::FreshDatabase({&schema_})) {}

  template <typename Body>
  auto In(Body body) {
    decltype(body(std::declval<mysql::Transaction&>())) result = absl::UnknownError("it did not run");
    const absl::Status status = database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      result = body(sql);
      return status_internal::ToStatus(result);
    });
    if (result.ok()) EXPECT_OK(status);
    return result;
  }
  bool Asked(const Ask& ask) {
    const auto asked =
        In([&](mysql::Transaction& sql) { return asks_.AskWhereCovered(sql, ApprovalPolicy::CLAIM, ask, kNow); });
    EXPECT_OK(asked);
    return asked.value_or(false);
  }
  std::vector<std::string> ToSend() {
    const auto asks = In([&](mysql::Transaction& sql) { return asks_.ToSend(sql, kNow, 0, 10); });
    EXPECT_OK(asks);
    std::vector<std::string> texts;
    for (const Ask& ask : asks.value_or(std::vector<Ask>())) {
      texts.push_back(StrCat(ask.subject, " ", ask.revision, " ", StrJoin(ask.requesters, "+"), " ",
                             ask.amount.has_value() ? ask.amount->amount.ToString() : "-", " ",
                             static_cast<int>(ask.state)));
    }
    return texts;
  }
  absl::Status Own() {
    return In([&](mysql::Transaction& sql) { return asks_.CheckNotAsked(sql, kClaim, "approve"); });
  }
  static events::Event EventOf(std::string verb, const google::protobuf::Message& payload) {
    return {.recorded_at = kNow,
            .verb = std::move(verb),
            .type = payload.GetDescriptor()->full_name(),
            .payload = payload.SerializeAsString()};
  }
  void Follow(const std::vector<events::Event>& events) {
    EXPECT_OK(In([&](mysql::Transaction& sql) {
      events::Outbox outbox;
      return ApplyApprovals(sql, events, kNow, outbox,
                            [&](const rpc::Call& call, rpc::Unit&, const Decision& decision) {
                              EXPECT_EQ(call.now, kNow);
                              EXPECT_EQ(call.identity->subject, decision.decided_by);
                              moved_.push_back(StrCat(decision.subject, " ", static_cast<int>(decision.verdict), " ",
                                                      decision.decided_by, ": ", decision.note));
                              return absl::OkStatus();
                            });
    }));
  }
  void Cover() {
    ApprovalPolicy policy;
    policy.set_name("approvalPolicies/claims");
    policy.set_subject_kind(ApprovalPolicy::CLAIM);
    policy.set_currency("EUR");
    Follow({EventOf("created", policy)});
  }
  static events::Event Decided(int64_t revision, ApprovalTask::State state, const std::string& comment = "") {
    ApprovalTask task;
    task.set_name("approvalTasks/t-1");
    task.set_subject(kClaim);
    task.set_subject_revision(revision);
    task.set_state(state);
    task.set_decided_by("cfo");
    task.set_comment(comment);
    return EventOf("decided", task);
  }
  static Ask ClaimOf(int64_t revision) {
    return {.subject = kClaim,
            .revision = revision,
            .requesters = {"clerk", "manager"},
            .amount = Money{"EUR", *Decimal::Parse("12.5")}};
  }

  static constexpr char kClaim[] = "partners/p-1/claims/c-1";
  static inline const absl::Time kNow = absl::FromUnixSeconds(1780000000);
  const std::string asks_table_;
  const std::string policies_table_;
  const mysql::Schema schema_;
  const std::unique_ptr<mysql::Database> database_;
  const ApprovalAsks asks_{};
  std::vector<std::string> moved_;
};

TEST_F(ApprovalAsksTest, TheTablesOfAllServicesAreTheSame) {
  EXPECT_EQ(SchemaText("incentive-service/schema/0066_approval_ask.sql"), asks_table_);
  EXPECT_EQ(SchemaText("incentive-service/schema/0067_known_approval_policy.sql"), policies_table_);
  EXPECT_EQ(SchemaText("conflict-service/schema/0040_approval_ask.sql"), asks_table_);
  EXPECT_EQ(SchemaText("conflict-service/schema/0041_known_approval_policy.sql"), policies_table_);
}

TEST_F(ApprovalAsksTest, WhatAPolicyCoversIsAskedForUntilItIsDecided) {
  EXPECT_FALSE(Asked(ClaimOf(1))) << "no policy is known";
  EXPECT_OK(Own());
  Cover();
  Ask other = ClaimOf(1);
  other.amount->currency = "CNY";
  EXPECT_FALSE(Asked(other));
  other.amount.reset();
  EXPECT_FALSE(Asked(other));
  ASSERT_TRUE(Asked(ClaimOf(1)));
  EXPECT_THAT(ToSend(), ElementsAre("partners/p-1/claims/c-1 1 clerk+manager 12.5 1"));
  EXPECT_THAT(Own(), HasReason(Reason::kStateConflict));
  ASSERT_OK(In([&](mysql::Transaction& sql) { return asks_.SetAsked(sql, ClaimOf(1), "approvalTasks/t-1"); }));
  EXPECT_THAT(ToSend(), IsEmpty());
  EXPECT_THAT(Own(), HasReason(Reason::kStateConflict));
  Follow({Decided(2, ApprovalTask::APPROVED), Decided(1, ApprovalTask::PENDING)});
  EXPECT_THAT(moved_, IsEmpty()) << "another revision, and one that is not decided";
  Follow({Decided(1, ApprovalTask::APPROVED, "fine"), Decided(1, ApprovalTask::APPROVED, "fine")});
  EXPECT_THAT(moved_, ElementsAre("partners/p-1/claims/c-1 0 cfo: fine"));
  EXPECT_OK(Own());
  EXPECT_EQ(In([&](mysql::Transaction& sql) { return asks_.TaskOf(sql, kClaim); }).value(), "approvalTasks/t-1");
  // What waits anew is asked for anew, and heard of although the answer to the call is late.
  ASSERT_TRUE(Asked(ClaimOf(3)));
  Follow({Decided(3, ApprovalTask::REJECTED)});
  EXPECT_THAT(moved_,
              ElementsAre("partners/p-1/claims/c-1 0 cfo: fine", "partners/p-1/claims/c-1 1 cfo: approvalTasks/t-1"));
  ASSERT_OK(In([&](mysql::Transaction& sql) { return asks_.SetAsked(sql, ClaimOf(3), "approvalTasks/t-1"); }));
  EXPECT_OK(Own());
}

TEST_F(ApprovalAsksTest, WhatNoLongerWaitsIsWithdrawn) {
  Cover();
  ASSERT_TRUE(Asked(ClaimOf(1)));
  ASSERT_OK(In([&](mysql::Transaction& sql) { return asks_.Withdraw(sql, kClaim, kNow); }));
  EXPECT_THAT(ToSend(), ElementsAre("partners/p-1/claims/c-1 1 clerk+manager 12.5 3"));
  EXPECT_OK(Own());
  Follow({Decided(1, ApprovalTask::APPROVED)});
  EXPECT_THAT(moved_, IsEmpty()) << "it was taken back before";
  EXPECT_THAT(ToSend(), IsEmpty()) << "nothing is left to withdraw";
}

TEST_F(ApprovalAsksTest, WhatMayBeDecidedLaterIsAskedForThen) {
  Cover();
  const auto ask = [this](int64_t revision) {
    return In([&](mysql::Transaction& sql) {
      return asks_.AskWhereCovered(sql, ApprovalPolicy::CLAIM, ClaimOf(revision), kNow + absl::Seconds(1));
    });
  };
  ASSERT_OK(ask(1));
  EXPECT_THAT(Own(), HasReason(Reason::kStateConflict));
  EXPECT_THAT(ToSend(), IsEmpty());
  const auto later = In([&](mysql::Transaction& sql) { return asks_.ToSend(sql, kNow + absl::Seconds(1), 0, 10); });
  EXPECT_EQ(later.value().size(), 1u);
  ASSERT_OK(In([&](mysql::Transaction& sql) { return asks_.Withdraw(sql, kClaim, kNow); }));
  EXPECT_THAT(ToSend(), IsEmpty()) << "nobody was asked";
  EXPECT_OK(Own());
}

TEST_F(ApprovalAsksTest, APolicyThatIsDeletedCoversNothing) {
  Cover();
  ApprovalPolicy policy;
  policy.set_name("approvalPolicies/claims");
  policy.set_subject_kind(ApprovalPolicy::CLAIM);
  policy.set_currency("EUR");
  Follow({EventOf("deleted", policy)});
  EXPECT_FALSE(Asked(ClaimOf(1)));
}

}  // namespace
}  // namespace tributary::approvals
