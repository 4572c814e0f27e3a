#include "partner-service/support_requests/support_store.h"

#include <gmock/gmock.h>

#include "common/text/text.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class SupportStoreTest : public StoreTest {
 protected:
  static SupportRequest Of(std::string partner, std::string id, absl::Time due = kNow) {
    SupportRequest request{.partner_id = std::move(partner),
                           .id = std::move(id),
                           .policy_id = "technical",
                           .severity = SupportSeverity::kHigh,
                           .subject = "驱动器",
                           .text = "第一行\n第二行"};
    return partner::Ask(std::move(request), {.principal = "user", .time = kNow}, due);
  }
  absl::Status Create(const SupportRequest& request) {
    return Do([&](mysql::Transaction& sql) { return requests_.Create(sql, request); });
  }
  std::vector<std::string> Names(std::string_view partner, const std::string& filter) {
    std::vector<std::string> names;
    for (const SupportRequest& one : All<SupportRequest>(
             SupportRequestStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return requests_.List(sql, partner, page); },
             [](const SupportRequest&last) {
               return std::vector{last.partner_id, last.id};
             })) {
      names.push_back(StrCat(one.partner_id, "/", one.id));
    }
    return names;
  }
  SupportPolicyStore policies_;
  SupportRequestStore requests_;
};

TEST_F(SupportStoreTest, APolicyIsReadAsItWasWritten) {
  const SupportPolicy policy{.id = "technical",
                             .revision = Revision::First(kNow),
                             .display_name = "技术支持",
                             .calendar_id = "main",
                             .opening_minute = 540,
                             .closing_minute = 1080,
                             .terms = {{SupportSeverity::kCritical, 4, 0}, {SupportSeverity::kLow, 0, 5}}};
  const auto create = [&] { return Do([&](mysql::Transaction& sql) { return policies_.Create(sql, policy); }); };
  ASSERT_OK(create());
  EXPECT_THAT(create(), HasReason(Reason::kAlreadyExists));
  const auto get = [&](const char* id) {
    return Ask<SupportPolicy>([&](mysql::Transaction& sql) { return policies_.Get(sql, id); });
  };
  ASSERT_OK_AND_ASSIGN(const SupportPolicy read, get("technical"));
  EXPECT_EQ(read.revision, policy.revision);
  EXPECT_EQ(read.display_name, policy.display_name);
  EXPECT_EQ(read.calendar_id, "main");
  EXPECT_EQ(read.opening_minute, 540);
  EXPECT_EQ(read.closing_minute, 1080);
  EXPECT_EQ(read.terms, policy.terms);
  EXPECT_THAT(get("none"), HasReason(Reason::kNotFound));
}

TEST_F(SupportStoreTest, ARequestIsReadAsItWasWritten) {
  SupportRequest request = Of("p-1", "r");
  ASSERT_OK(Create(request));
  EXPECT_THAT(Create(request), HasReason(Reason::kAlreadyExists));
  const auto expect_same = [&] {
    const auto read =
        StoreTest::Ask<SupportRequest>([&](mysql::Transaction& sql) { return requests_.Get(sql, "p-1", "r"); });
    ASSERT_OK(read);
    EXPECT_EQ(read->revision, request.revision);
    EXPECT_EQ(read->policy_id, "technical");
    EXPECT_EQ(read->severity, SupportSeverity::kHigh);
    EXPECT_EQ(read->subject, request.subject);
    EXPECT_EQ(read->text, request.text);
    EXPECT_EQ(read->state, request.state);
    EXPECT_EQ(read->assignee, request.assignee);
    EXPECT_EQ(read->due_time, request.due_time);
    EXPECT_EQ(read->answer_time, request.answer_time);
    EXPECT_EQ(read->steps, request.steps);
  };
  expect_same();
  const auto store = [&](const absl::StatusOr<SupportRequest>& next) {
    ASSERT_OK(next);
    request = *next;
    ASSERT_OK(Do([&](mysql::Transaction& sql) { return requests_.Update(sql, request); }));
    expect_same();
  };
  const SupportDeed deed{.principal = "manager", .time = kNow + absl::Seconds(1), .text = "m-1"};
  store(Assign(request, deed));
  store(Answer(request, deed));
  store(Reopen(request, deed, kNow + absl::Hours(5)));
}

TEST_F(SupportStoreTest, WhatIsOverdueIsAFilter) {
  ASSERT_OK(Create(Of("p-1", "a", kNow)));
  ASSERT_OK(Create(Of("p-1", "b", kNow + absl::Hours(1))));
  ASSERT_OK(Create(Of("p-2", "c", kNow)));
  SupportRequest answered = Of("p-2", "d", kNow);
  answered.state = SupportState::kAnswered;
  answered.assignee = "m-1";
  ASSERT_OK(Create(answered));
  const std::string now = absl::FormatTime(absl::RFC3339_sec, kNow + absl::Seconds(1), absl::UTCTimeZone());
  EXPECT_THAT(Names("", StrCat("due_time < ", now, " AND (state = OPEN OR state = ASSIGNED)")),
              ElementsAre("p-1/a", "p-2/c"));
  EXPECT_THAT(Names("", "assignee = \"m-1\""), ElementsAre("p-2/d"));
  EXPECT_THAT(Names("p-1", "severity = HIGH"), SizeIs(2));
}

}  // namespace
}  // namespace tributary::partner
