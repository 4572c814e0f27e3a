#include "partner-service/approvals/approval_store.h"

#include <gmock/gmock.h>

#include "common/text/text.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ApprovalStoreTest : public StoreTest {
 protected:
  static ApprovalPolicy Policy(std::string id, std::string currency = "CNY") {
    return {.id = std::move(id),
            .revision = Revision::First(kNow),
            .display_name = "Limits",
            .kind = ApprovalSubjectKind::kCreditLine,
            .currency = std::move(currency),
            .bands = {{.from = *Decimal::Parse("100000.000001"), .roles = {ApproverRole::kFinance}},
                      {.from = Decimal::FromInt(1000000), .subjects = {"cfo", "首席"}}},
            .due_hours = 24};
  }
  static ApprovalTask Task(std::string subject, std::string partner = "p-1", absl::Time asked = kNow) {
    return NewTask({.kind = ApprovalSubjectKind::kCreditLine,
                    .subject = std::move(subject),
                    .partner_id = std::move(partner),
                    .subject_version = 3,
                    .requesters = {"clerk", "clerk-2"},
                    .amount = Money{"CNY", *Decimal::Parse("123456.789")}},
                   {.policy_id = "limits",
                    .roles = {ApproverRole::kFinance, ApproverRole::kAdministrator},
                    .subjects = {"cfo"},
                    .due = absl::Hours(24)},
                   asked);
  }
  absl::Status Create(const ApprovalPolicy& policy) {
    return Do([&](mysql::Transaction& sql) { return policies_.Create(sql, policy); });
  }
  absl::Status Create(const ApprovalTask& task) {
    return Do([&](mysql::Transaction& sql) { return tasks_.Create(sql, task); });
  }
  absl::Status Update(const ApprovalTask& task) {
    return Do([&](mysql::Transaction& sql) { return tasks_.Update(sql, task); });
  }
  absl::StatusOr<ApprovalTask> Get(std::string_view id) {
    return Ask<ApprovalTask>([&](mysql::Transaction& sql) { return tasks_.Get(sql, id); });
  }
  std::vector<std::string> Subjects(const std::string& filter) {
    std::vector<std::string> subjects;
    for (const ApprovalTask& task : All<ApprovalTask>(
             ApprovalTaskStore::Fields(), 1, filter,
             [&](mysql::Transaction&sql, const Page&page) { return tasks_.List(sql, page); },
             [](const ApprovalTask&last) { return std::vector{last.id}; })) {
      subjects.push_back(task.ask.subject);
    }
    return subjects;
  }
  ApprovalPolicyStore policies_;
  ApprovalTaskStore tasks_;
};

TEST_F(ApprovalStoreTest, APolicyIsReadAsItWasWrittenAndIsTheOnlyOneOfItsKindAndCurrency) {
  ASSERT_OK(Create(Policy("limits")));
  ASSERT_OK_AND_ASSIGN(const ApprovalPolicy read,
                       Ask<ApprovalPolicy>([&](mysql::Transaction& sql) { return policies_.Get(sql, "limits"); }));
  EXPECT_EQ(read.name(), "approvalPolicies/limits");
  EXPECT_EQ(read.revision.version, 1);
  EXPECT_EQ(read.revision.create_time, kNow);
  EXPECT_EQ(read.display_name, "Limits");
  EXPECT_EQ(read.kind, ApprovalSubjectKind::kCreditLine);
  EXPECT_EQ(read.currency, "CNY");
  EXPECT_EQ(read.bands, Policy("limits").bands);
  EXPECT_EQ(read.due_hours, 24);
  EXPECT_THAT(Create(Policy("limits")), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(Create(Policy("limits", "USD")), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(Create(Policy("others")), HasReason(Reason::kStateConflict));
  ASSERT_OK(Create(Policy("dollars", "USD")));
  const auto of = [&](std::string_view currency) {
    return *Ask<std::optional<ApprovalPolicy>>(
        [&](mysql::Transaction& sql) { return policies_.Of(sql, ApprovalSubjectKind::kCreditLine, currency); });
  };
  EXPECT_EQ(of("USD")->id, "dollars");
  EXPECT_FALSE(of("EUR").has_value());
  ApprovalPolicy changed = read;
  changed.due_hours = 0;
  changed.revision = read.revision.Next(kNow);
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return policies_.Update(sql, changed); }));
  EXPECT_EQ(of("CNY")->due_hours, 0);
  EXPECT_EQ(of("CNY")->revision.version, 2);
}

TEST_F(ApprovalStoreTest, ADeletedPolicyMakesRoomForAnother) {
  ASSERT_OK(Create(Policy("limits")));
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return policies_.Delete(sql, Policy("limits")); }));
  EXPECT_THAT(Ask<ApprovalPolicy>([&](mysql::Transaction& sql) { return policies_.Get(sql, "limits"); }),
              HasReason(Reason::kNotFound));
  EXPECT_OK(Create(Policy("others")));
}

TEST_F(ApprovalStoreTest, FindsTheLastTaskOfASubject) {
  const auto last = [&] {
    return *Ask<std::optional<ApprovalTask>>(
        [&](mysql::Transaction& sql) { return tasks_.LastOf(sql, "partners/p-1/claims/c-1"); });
  };
  EXPECT_FALSE(last().has_value());
  for (int i = 0; i < 2; ++i) {
    const ApprovalTask task = Task("partners/p-1/claims/c-1");
    ASSERT_OK(Create(task));
    ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(tasks_.LastOf(sql, task.ask.subject).status());
      return tasks_.SetLast(sql, task);
    }));
    EXPECT_EQ(last()->id, task.id);
  }
}

TEST_F(ApprovalStoreTest, ATaskIsReadAsItWasWritten) {
  const ApprovalTask task = Task("partners/p-1/creditLines/main");
  ASSERT_OK(Create(task));
  ASSERT_OK_AND_ASSIGN(const ApprovalTask read, Get(task.id));
  EXPECT_EQ(read.revision, task.revision);
  EXPECT_EQ(read.state, ApprovalTaskState::kPending);
  EXPECT_EQ(read.ask.kind, ApprovalSubjectKind::kCreditLine);
  EXPECT_EQ(read.ask.subject, task.ask.subject);
  EXPECT_EQ(read.ask.subject_version, 3);
  EXPECT_EQ(read.ask.partner_id, "p-1");
  EXPECT_THAT(read.ask.requesters, ElementsAre("clerk", "clerk-2"));
  EXPECT_EQ(read.ask.amount, task.ask.amount);
  EXPECT_EQ(read.authority.policy_id, "limits");
  EXPECT_EQ(read.authority.roles, task.authority.roles);
  EXPECT_EQ(read.authority.subjects, task.authority.subjects);
  EXPECT_EQ(read.due_time, kNow + absl::Hours(24));
  EXPECT_THAT(Get("none"), HasReason(Reason::kNotFound));

  const Approver finance{.subject = "finance", .roles = {ApproverRole::kFinance}};
  const ApprovalTask delegated = *Delegate(*Overdue(read, kNow + absl::Hours(24)), finance, "deputy", "休假", kNow);
  ASSERT_OK(Update(*Overdue(read, kNow + absl::Hours(24))));
  ASSERT_OK(Update(delegated));
  EXPECT_EQ(Get(task.id)->delegations, delegated.delegations);
  EXPECT_TRUE(Get(task.id)->overdue);
  ASSERT_OK(Update(*Decide(delegated, ApprovalVerdict::kReject, finance, "太多", kNow)));
  ASSERT_OK_AND_ASSIGN(const ApprovalTask rejected, Get(task.id));
  EXPECT_EQ(rejected.state, ApprovalTaskState::kRejected);
  EXPECT_EQ(rejected.decided_by, "finance");
  EXPECT_EQ(rejected.decide_time, kNow);
  EXPECT_EQ(rejected.comment, "太多");
}

TEST_F(ApprovalStoreTest, FindsWhatWaits) {
  const ApprovalTask a = Task("partners/p-1/creditLines/a"), b = Task("partners/p-1/creditLines/b"),
                     c = Task("partners/p-2/creditLines/c", "p-2");
  for (const ApprovalTask& task : {a, b, c}) ASSERT_OK(Create(task));
  const auto pending = [&](std::string_view subject) {
    return *Ask<std::optional<ApprovalTask>>([&](mysql::Transaction& sql) { return tasks_.PendingOf(sql, subject); });
  };
  EXPECT_EQ(pending(a.ask.subject)->id, a.id);
  ASSERT_OK(Update(Withdraw(a, "clerk", kNow)));
  EXPECT_FALSE(pending(a.ask.subject).has_value());
  ASSERT_OK_AND_ASSIGN(const auto of_partner, Ask<std::vector<ApprovalTask>>([&](mysql::Transaction& sql) {
                         return tasks_.PendingOfPartner(sql, "p-1");
                       }));
  ASSERT_EQ(of_partner.size(), 1u);
  EXPECT_EQ(of_partner[0].id, b.id);
  EXPECT_THAT(Subjects(""), ElementsAre(a.ask.subject, b.ask.subject, c.ask.subject));
  EXPECT_THAT(Subjects("state = PENDING AND partner = p-1"), ElementsAre(b.ask.subject));
  EXPECT_THAT(Subjects("subject_kind = BANK_ACCOUNT"), IsEmpty());
  const auto due = [&](absl::Time now, int limit) {
    return *Ask<std::vector<rpc::Expiry::Id>>([&](mysql::Transaction& sql) { return tasks_.DueBy(sql, now, limit); });
  };
  EXPECT_THAT(due(kNow, 10), IsEmpty());
  EXPECT_EQ(due(kNow + absl::Hours(24), 10).size(), 2u);
  EXPECT_EQ(due(kNow + absl::Hours(24), 1).size(), 1u);
  ASSERT_OK(Update(*Overdue(b, kNow + absl::Hours(24))));
  EXPECT_THAT(due(kNow + absl::Hours(24), 10), ElementsAre(rpc::Expiry::Id("", c.id)));
  EXPECT_THAT(Subjects("overdue = true"), ElementsAre(b.ask.subject));
}

}  // namespace
}  // namespace tributary::partner
