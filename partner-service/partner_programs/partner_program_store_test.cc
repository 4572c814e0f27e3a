#include "partner-service/partner_programs/partner_program_store.h"

#include <gmock/gmock.h>

#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;

class PartnerProgramStoreTest : public StoreTest {
 protected:
  static PartnerProgram Of(std::string id, bool on_hold = false) {
    return {.id = std::move(id),
            .revision = Revision::First(kNow),
            .display_name = "伙伴计划",
            .levels = {{.id = "member", .display_name = "Member"},
                       {.id = "gold",
                        .criteria =
                            {{.basis = TargetBasis::kSellThrough,
                              .product_lines = {"productLines/a", "productLines/b"},
                              .currency = "CNY",
                              .want = *Decimal::Parse("1000.000001")},
                             {.basis = TargetBasis::kOrder, .want = *Decimal::Parse("12.5")},
                             {.kind = CriterionKind::kCertificates, .course_id = "drives", .want = Decimal::FromInt(2)},
                             {.kind = CriterionKind::kActiveDays, .want = Decimal::FromInt(90)}}}},
            .calendar_id = "main",
            .period_kind = PeriodKind::kQuarter,
            .notice_days = 30,
            .grace_days = 60,
            .on_hold = on_hold};
  }
  absl::Status Create(const PartnerProgram& program) {
    return Do([&](mysql::Transaction& sql) { return programs_.Create(sql, program); });
  }
  absl::StatusOr<PartnerProgram> Get(std::string_view id) {
    return Ask<PartnerProgram>([&](mysql::Transaction& sql) { return programs_.Get(sql, id); });
  }
  absl::StatusOr<PartnerProgram> GetRevision(std::string_view id, int64_t revision) {
    return Ask<PartnerProgram>([&](mysql::Transaction& sql) { return programs_.GetRevision(sql, id, revision); });
  }
  PartnerProgramStore programs_;
};

TEST_F(PartnerProgramStoreTest, EveryRevisionIsReadAsItWasWritten) {
  const PartnerProgram first = Of("growth");
  ASSERT_OK(Create(first));
  EXPECT_THAT(Create(first), HasReason(Reason::kAlreadyExists));
  PartnerProgram second = first;
  second.calendar_id.clear();
  second.period_kind.reset();
  second.months = 12;
  second.levels[1].criteria.pop_back();
  second.on_hold = true;
  second.revision = first.revision.Next(kNow + absl::Seconds(5));
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return programs_.Update(sql, second); }));

  for (const auto& [read, want] : {std::pair(Get("growth"), second), std::pair(GetRevision("growth", 2), second),
                                   std::pair(GetRevision("growth", 1), first)}) {
    ASSERT_OK(read);
    EXPECT_EQ(read->revision, want.revision);
    EXPECT_EQ(read->display_name, want.display_name);
    EXPECT_EQ(read->levels, want.levels);
    EXPECT_EQ(read->calendar_id, want.calendar_id);
    EXPECT_EQ(read->period_kind, want.period_kind);
    EXPECT_EQ(read->months, want.months);
    EXPECT_EQ(read->notice_days, want.notice_days);
    EXPECT_EQ(read->grace_days, want.grace_days);
    EXPECT_EQ(read->on_hold, want.on_hold);
  }
  EXPECT_THAT(GetRevision("growth", 3), HasReason(Reason::kNotFound));
  EXPECT_THAT(Get("none"), HasReason(Reason::kNotFound));
}

TEST_F(PartnerProgramStoreTest, ListsAndWhatIsRunning) {
  ASSERT_OK(Create(Of("c")));
  ASSERT_OK(Create(Of("a")));
  ASSERT_OK(Create(Of("b", /*on_hold=*/true)));
  const auto names = [&](const std::string& filter) {
    std::vector<std::string> ids;
    for (const PartnerProgram& program : All<PartnerProgram>(
             PartnerProgramStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return programs_.List(sql, page); },
             [](const PartnerProgram&last) { return std::vector{last.id}; })) {
      ids.push_back(program.id);
    }
    return ids;
  };
  EXPECT_THAT(names(""), ElementsAre("a", "b", "c"));
  EXPECT_THAT(names("on_hold = true"), ElementsAre("b"));
  const auto count = [&](bool with_those_on_hold) {
    const auto all = Ask<std::vector<PartnerProgram>>(
        [&](mysql::Transaction& sql) { return programs_.All(sql, with_those_on_hold); });
    EXPECT_OK(all);
    std::string ids;
    for (const PartnerProgram& program : *all) ids += program.id;
    return ids;
  };
  EXPECT_EQ(count(false), "ac");
  EXPECT_EQ(count(true), "abc");
}

}  // namespace
}  // namespace tributary::partner
