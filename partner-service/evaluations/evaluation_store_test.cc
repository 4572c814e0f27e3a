#include "partner-service/evaluations/evaluation_store.h"

#include <gmock/gmock.h>

#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "partner-service/evaluations/evaluation_proto.h"
#include "partner-service/evaluations/evaluation_review_store.h"
#include "partner-service/scorecards/scorecard_template_proto.h"
#include "partner-service/scorecards/scorecard_template_store.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Ids = std::vector<std::pair<std::string, std::string>>;

class EvaluationStoreTest : public StoreTest {
 protected:
  static Evaluation Of(std::string partner, std::string id, EvaluationState state = EvaluationState::kOpen,
                       std::optional<absl::Time> published = {}) {
    return {.partner_id = std::move(partner),
            .id = std::move(id),
            .revision = Revision::First(kNow),
            .template_id = "next",
            .first_template_id = "main",
            .period = "2025Q1",
            .days = {Day("2025-01-01"), Day("2025-04-01")},
            .state = state,
            .scorecard =
                {.components = {{.component = "a",
                                 .weight = 60,
                                 .readings = {{.subject = "partners/p/targets/t",
                                               .got = *Decimal::Parse("1.000001"),
                                               .of = *Decimal::Parse("3"),
                                               .facts = 4,
                                               .unpriced_facts = 5}},
                                 .figure = *Rational::Parse("100/3"),
                                 .low = *Rational::Parse("20"),
                                 .high = *Rational::Parse("20")},
                                {.component = "b", .weight = 40, .high = *Rational::Parse("40")}},
                 .consequence = ScoreConsequence::kReview,
                 .previous = "partners/p/evaluations/before",
                 .drivers = {{.component = "a", .before = *Rational::Parse("-1/7"), .after = *Rational::Parse("20")}}},
            .counted_to = Day("2025-03-31"),
            .evaluate_time = kNow,
            .inputs_sha256 = std::string(64, 'f'),
            .inventory_cursor = 77,
            .publish_time = published};
  }
  absl::Status Create(const Evaluation& evaluation) {
    return Do([&](mysql::Transaction& sql) { return evaluations_.Create(sql, evaluation); });
  }
  absl::StatusOr<Evaluation> Get(std::string_view id) {
    return Ask<Evaluation>([&](mysql::Transaction& sql) { return evaluations_.Get(sql, "p", id); });
  }
  std::string LastPublished() {
    const auto last = Ask<std::optional<Evaluation>>(
        [&](mysql::Transaction& sql) { return evaluations_.LastPublished(sql, "p", "main"); });
    EXPECT_OK(last);
    return last->has_value() ? (*last)->id : "";
  }
  EvaluationStore evaluations_;
  EvaluationReviewStore reviews_;
};

TEST_F(EvaluationStoreTest, IsReadAsItWasWritten) {
  Evaluation evaluation = Of("p", "e");
  ASSERT_OK(Create(evaluation));
  EXPECT_THAT(Create(evaluation), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(Get("none"), HasReason(Reason::kNotFound));
  ASSERT_OK_AND_ASSIGN(Evaluation read, Get("e"));
  EXPECT_EQ(read.scorecard, evaluation.scorecard);
  EXPECT_EQ(ToProto(read).SerializeAsString(), ToProto(evaluation).SerializeAsString());
  EXPECT_EQ(read.first_template_id, "main");

  evaluation.revision = evaluation.revision.Next(kNow);
  evaluation.state = EvaluationState::kConfirmed;
  evaluation.publish_time = kNow;
  evaluation.publisher = "manager";
  evaluation.appeal_before = Day("2025-05-01");
  evaluation.appeal = Appeal{.reason = "不同意\n两行",
                             .principal = "user",
                             .time = kNow,
                             .decision = "No",
                             .decider = "second",
                             .decide_time = kNow};
  evaluation.sanction = "partners/p/sanctions/s";
  const auto update = [&] { return Do([&](mysql::Transaction& sql) { return evaluations_.Update(sql, evaluation); }); };
  ASSERT_OK(update());
  ASSERT_OK_AND_ASSIGN(read, Get("e"));
  EXPECT_EQ(ToProto(read).SerializeAsString(), ToProto(evaluation).SerializeAsString());
}

TEST_F(EvaluationStoreTest, ListsByPartnerAndHidesWhatIsOpen) {
  for (const char* partner : {"p", "q"}) {
    ASSERT_OK(Create(Of(partner, "a")));
    ASSERT_OK(Create(Of(partner, "b", EvaluationState::kPublished, kNow)));
    ASSERT_OK(Create(Of(partner, "c", EvaluationState::kAppealed, kNow)));
  }
  const auto names = [&](std::string_view partner, bool open_too, const std::string& filter) {
    std::vector<std::string> names;
    for (const Evaluation& one : All<Evaluation>(
             EvaluationStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return evaluations_.List(sql, partner, open_too, page); },
             [](const Evaluation&last) {
               return std::vector{last.partner_id, last.id};
             })) {
      names.push_back(StrCat(one.partner_id, "/", one.id));
    }
    return names;
  };
  EXPECT_THAT(names("", true, ""), ElementsAre("p/a", "p/b", "p/c", "q/a", "q/b", "q/c"));
  EXPECT_THAT(names("q", false, ""), ElementsAre("q/b", "q/c"));
  EXPECT_THAT(names("p", true, "state = APPEALED AND consequence = REVIEW AND publish_time:*"), ElementsAre("p/c"));
  EXPECT_THAT(names("p", true, "template = \"scorecardTemplates/next\" AND period = \"2025Q1\" AND start < 2025-01-01"),
              IsEmpty());
}

TEST_F(EvaluationStoreTest, FindsTheLastPublishedOfALineAndTheOneOfAPeriod) {
  EXPECT_EQ(LastPublished(), "");
  ASSERT_OK(Create(Of("p", "open")));
  EXPECT_EQ(LastPublished(), "");
  ASSERT_OK(Create(Of("p", "old", EvaluationState::kConfirmed, kNow)));
  ASSERT_OK(Create(Of("p", "new", EvaluationState::kPublished, kNow + absl::Seconds(1))));
  ASSERT_OK(Create(Of("p", "withdrawn", EvaluationState::kWithdrawn, kNow + absl::Seconds(2))));
  ASSERT_OK(Create(Of("q", "others", EvaluationState::kPublished, kNow + absl::Seconds(3))));
  EXPECT_EQ(LastPublished(), "new");
  const auto of = [&](std::string_view partner, std::string_view period) {
    return Ask<std::optional<Evaluation>>(
               [&](mysql::Transaction& sql) { return evaluations_.Of(sql, partner, "next", period); })
        ->has_value();
  };
  EXPECT_TRUE(of("q", "2025Q1"));
  EXPECT_FALSE(of("q", "2025Q2"));
  EXPECT_FALSE(of("r", "2025Q1"));
}

TEST_F(EvaluationStoreTest, AsksForReviewsOfAPartnerAtMostTwiceASecond) {
  const auto due = [&](absl::Time now) {
    return *Ask<Ids>([&](mysql::Transaction& sql) { return reviews_.Due(sql, now, 10); });
  };
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(reviews_.Begin(sql, "p", "e", kNow + absl::Hours(1), kNow));
    RETURN_IF_ERROR(reviews_.Begin(sql, "p", "f", kNow + absl::Hours(2), kNow));
    return reviews_.Begin(sql, "q", "e", kNow + absl::Hours(3), kNow);
  }));
  EXPECT_THAT(due(kNow + absl::Minutes(59)), IsEmpty());
  EXPECT_THAT(due(kNow + absl::Hours(1)), ElementsAre(Ids::value_type("p", "e")));
  const auto ask = [&] { return Do([&](mysql::Transaction& sql) { return reviews_.Ask(sql, {"p", "nobody"}); }); };
  ASSERT_OK(ask());
  EXPECT_THAT(due(kNow + absl::Milliseconds(499)), IsEmpty());
  EXPECT_THAT(due(kNow + absl::Milliseconds(500)), ElementsAre(Ids::value_type("p", "e"), Ids::value_type("p", "f")));
  // However many facts come after a review, the next one is half a second later.
  const absl::Time reviewed = kNow + absl::Seconds(1);
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return reviews_.Next(sql, "p", "e", kNow + absl::Hours(1), reviewed); }));
  for (int i = 0; i < 3; ++i) ASSERT_OK(ask());
  EXPECT_THAT(due(reviewed), ElementsAre(Ids::value_type("p", "f")));
  EXPECT_THAT(due(reviewed + absl::Milliseconds(500)),
              ElementsAre(Ids::value_type("p", "e"), Ids::value_type("p", "f")));
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return reviews_.End(sql, "p", "e"); }));
  EXPECT_EQ(*Ask<std::optional<absl::Time>>([&](mysql::Transaction& sql) { return reviews_.Hold(sql, "p", "e"); }),
            std::nullopt);
}

TEST_F(EvaluationStoreTest, ATemplateIsReadAsItWasWritten) {
  const ScorecardTemplateStore templates;
  const ScorecardTemplate written{.id = "next",
                                  .revision = Revision::First(kNow),
                                  .display_name = "评分",
                                  .calendar_id = "main",
                                  .components = {{.id = "sales",
                                                  .display_name = "销售",
                                                  .weight = 90,
                                                  .measure = ScoreMeasure::kSales,
                                                  .basis = TargetBasis::kOrder,
                                                  .product_lines = {"productLines/a", "productLines/b"},
                                                  .currency = "CNY",
                                                  .low = *Decimal::Parse("0.01"),
                                                  .high = *Decimal::Parse("1000000000000")},
                                                 {.id = "talks",
                                                  .weight = 10,
                                                  .measure = ScoreMeasure::kActivities,
                                                  .activity_kind = ActivityKind::kMeeting,
                                                  .high = *Decimal::Parse("1")}},
                                  .notice_below = *Decimal::Parse("90.5"),
                                  .block_below = *Decimal::Parse("0"),
                                  .block_days = 30,
                                  .appeal_days = 14,
                                  .follows = "main",
                                  .first_id = "main"};
  const auto create = [&] { return Do([&](mysql::Transaction& sql) { return templates.Create(sql, written); }); };
  ASSERT_OK(create());
  EXPECT_THAT(create(), HasReason(Reason::kAlreadyExists));
  ASSERT_OK_AND_ASSIGN(const ScorecardTemplate read,
                       Ask<ScorecardTemplate>([&](mysql::Transaction& sql) { return templates.Get(sql, "next"); }));
  EXPECT_EQ(read.components, written.components);
  EXPECT_EQ(read.first_id, "main");
  EXPECT_EQ(ToProto(read).SerializeAsString(), ToProto(written).SerializeAsString());
  EXPECT_THAT(Ask<ScorecardTemplate>([&](mysql::Transaction& sql) { return templates.Get(sql, "none"); }),
              HasReason(Reason::kNotFound));
}

}  // namespace
}  // namespace tributary::partner
