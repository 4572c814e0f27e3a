// Evaluations over the wire: they follow what is told, are published, act, are appealed against, and can be made again.

#include <algorithm>
#include <thread>

#include "partner-service/evaluations/testing_evaluations.h"
#include "tributary/partner/v1/activity.pb.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class EvaluationsTest : public EvaluatedPartnersTest {
 protected:
  void Talk(const std::string& id, const std::string& date, bool shared = true) {
    v1::CreateActivityRequest request;
    request.set_parent("partners/p-1");
    request.set_activity_id(id);
    request.mutable_activity()->set_kind(v1::Activity::MEETING);
    request.mutable_activity()->set_subject("A talk");
    request.mutable_activity()->set_visibility(shared ? v1::Activity::SHARED : v1::Activity::VENDOR_ONLY);
    *request.mutable_activity()->mutable_date() = wire::ToProto(*Date::Parse(date));
    ASSERT_OK(Call<v1::Activity>("tributary.partner.v1.ActivityService/", "CreateActivity", request));
  }
  std::vector<v1::Evaluation> Listed(rpc::Client& client, const std::string& filter = "") {
    v1::ListEvaluationsRequest request;
    request.set_parent("partners/-");
    request.set_filter(filter);
    const auto page = As<v1::ListEvaluationsResponse>(client, kEvaluations, "ListEvaluations", request);
    EXPECT_OK(page);
    return {page->evaluations().begin(), page->evaluations().end()};
  }
  // The vendor's tasks.
  std::vector<v1::Activity> Tasks() {
    v1::ListActivitiesRequest request;
    request.set_parent("partners/p-1");
    request.set_filter("visibility = VENDOR_ONLY");
    const auto page =
        Call<v1::ListActivitiesResponse>("tributary.partner.v1.ActivityService/", "ListActivities", request);
    EXPECT_OK(page);
    return {page->activities().begin(), page->activities().end()};
  }
};

TEST_F(EvaluationsTest, FollowsTheFactsToTheCent) {
  ASSERT_OK(CreateTemplate("main", Template()));
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation made, Evaluate("q1", "2025Q1"));
  EXPECT_EQ(made.state(), v1::Evaluation::OPEN);
  EXPECT_EQ(made.start().month(), 1);
  EXPECT_EQ(made.end().month(), 4);
  EXPECT_EQ(made.counted_to().day(), 31);
  // Nothing was bought, nothing asked: both may be anything, and count nothing. That nobody met is known.
  EXPECT_EQ(made.low().exact(), "0");
  EXPECT_EQ(made.high().exact(), "80");
  EXPECT_FALSE(made.components(0).has_figure());
  EXPECT_EQ(made.components(1).figure().exact(), "0");
  EXPECT_EQ(made.consequence(), v1::Evaluation::BLOCK);
  EXPECT_EQ(Review(), 0);

  Buy("p-1", "A", "2025-03-31", "100.01");
  Buy("p-1", "B", "2025-04-01", "50");  // the next quarter's
  Buy("p-2", "C", "2025-03-31", "70");  // another's
  EXPECT_EQ(Review(), 1);
  ASSERT_OK_AND_ASSIGN(v1::Evaluation now, GetEvaluation(*manager_, made.name()));
  EXPECT_EQ(now.components(0).figure().exact(), "10001/100");
  EXPECT_EQ(now.components(0).readings(0).facts(), 1);
  EXPECT_EQ(now.components(0).low().exact(), "10001/500");
  EXPECT_EQ(now.low().value().value(), "20.002");
  EXPECT_EQ(now.high().value().value(), "40.002");
  EXPECT_GT(now.inventory_cursor(), 0);
  EXPECT_EQ(Review(), 0);

  Talk("a", "2025-01-01");
  Talk("b", "2025-03-31");
  Talk("later", "2025-04-01");
  Talk("hidden", "2025-02-01", /*shared=*/false);
  EXPECT_EQ(Review(), 1);
  ASSERT_OK_AND_ASSIGN(now, GetEvaluation(*manager_, made.name()));
  EXPECT_EQ(now.components(1).low().exact(), "40/3");
  EXPECT_EQ(now.low().exact(), "50003/1500");  // 10001/500 + 40/3
  EXPECT_EQ(now.consequence(), v1::Evaluation::REVIEW);
  EXPECT_EQ(Times("created", made.name()), 1u);
  EXPECT_EQ(Times("updated", made.name()), 2u);
  // By itself or by call, it says the same.
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation run,
                       (Do<v1::Evaluation, v1::RunEvaluationRequest>(kEvaluations, "RunEvaluation", made.name())));
  EXPECT_EQ(run.inputs_sha256(), now.inputs_sha256());
  EXPECT_EQ(run.low().exact(), now.low().exact());
}

TEST_F(EvaluationsTest, AnyNumberOfReviewersWorkItOutOnceAFact) {
  ASSERT_OK(CreateTemplate("main", Template()));
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation made, Evaluate("q1", "2025Q1"));
  Buy("p-1", "A", "2025-03-31", "100");
  clock_.Set(absl::Now() + absl::Seconds(1));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      EvaluationReview review(service_.database(), clock_, [] {});
      EXPECT_OK(review.ExpireDue());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Times("updated", made.name()), 1u);
}

// The threads of a process, by the real clock.
TEST_F(EvaluationsTest, FollowsByItself) {
  ASSERT_OK(CreateTemplate("main", Template()));
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation made, Evaluate("q1", "2025Q1"));
  const SystemClock clock;
  EvaluationReview review(service_.database(), clock, [] {});
  review.Start();
  for (int i = 1; i <= 3; ++i) {
    Buy("p-1", StrCat("A", i), "2025-03-31", "100");
    EXPECT_TRUE(events::Eventually(
        [&] { return GetEvaluation(*manager_, made.name())->components(0).low().exact() == StrCat(20 * i); }));
  }
  review.Stop();
}

TEST_F(EvaluationsTest, IsItsPartnersOncePublishedAndNobodyElses) {
  ASSERT_OK(CreateTemplate("main", Template()));
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation made, Evaluate("q1", "2025Q1"));
  const auto other = service_.UserOf("p-2");
  const auto absent = GetEvaluation(*user_, "partners/p-1/evaluations/none");
  EXPECT_THAT(GetEvaluation(*user_, made.name()), HasReason(Reason::kNotFound));
  EXPECT_THAT(Appeal(*user_, made.name()), HasReason(Reason::kNotFound));
  EXPECT_THAT(absent, HasReason(Reason::kNotFound));
  EXPECT_THAT(Listed(*user_), IsEmpty());
  EXPECT_THAT(Listed(*user_, "state = OPEN"), IsEmpty());
  EXPECT_THAT(Listed(*manager_, "state = OPEN AND consequence = BLOCK"), SizeIs(1));
  ASSERT_OK(Publish(made.name()));
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation seen, GetEvaluation(*user_, made.name()));
  EXPECT_EQ(seen.state(), v1::Evaluation::PUBLISHED);
  EXPECT_EQ(seen.inventory_cursor(), 0);
  EXPECT_THAT(Listed(*user_), SizeIs(1));
  EXPECT_THAT(Listed(*other), IsEmpty());
  EXPECT_THAT(GetEvaluation(*other, made.name()), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Appeal(*other, made.name()), HasReason(Reason::kPermissionDenied));
}

TEST_F(EvaluationsTest, PublishedItStandsAndIsComparedWithTheLast) {
  ASSERT_OK(CreateTemplate("main", Template()));
  Buy("p-1", "A", "2025-03-31", "100");
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation first, Evaluate("q1", "2025Q1"));
  EXPECT_FALSE(first.has_change());
  ASSERT_OK(Publish(first.name()));
  Buy("p-1", "late", "2025-03-31", "200");
  Review();
  EXPECT_EQ(GetEvaluation(*manager_, first.name())->low().exact(), "20");
  EXPECT_THAT(Publish(first.name()), HasReason(Reason::kStateConflict));
  EXPECT_THAT((Do<v1::Evaluation, v1::RunEvaluationRequest>(kEvaluations, "RunEvaluation", first.name())),
              HasReason(Reason::kStateConflict));

  // By a template that follows the first, of other parts.
  v1::ScorecardTemplate next;
  next.set_fiscal_calendar("fiscalCalendars/main");
  AddComponent("sales", 70, v1::ScorecardTemplate::SALES, "300", &next);
  AddComponent("talks", 30, v1::ScorecardTemplate::ACTIVITIES, "7", &next);
  next.set_follows("scorecardTemplates/main");
  ASSERT_OK(CreateTemplate("next", next));
  Buy("p-1", "B", "2025-06-30", "250");
  Talk("a", "2025-05-01");
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation second, Evaluate("q2", "2025Q2", "next"));
  EXPECT_EQ(second.previous(), first.name());
  EXPECT_EQ(second.low().exact(), "1315/21");  // 175/3 + 30/7
  std::vector<std::string> drivers;
  for (const v1::Evaluation::Driver& driver : second.drivers()) {
    drivers.push_back(StrCat(driver.component(), " ", driver.change().exact()));
  }
  EXPECT_THAT(drivers, ElementsAre("sales 115/3", "talks 30/7", "support 0"));
  EXPECT_EQ(second.change().exact(), "895/21");  // 1315/21 - 20

  // Whatever happens afterwards, it can be made again.
  ASSERT_OK(Publish(second.name()));
  Buy("p-1", "C", "2025-06-30", "50");
  v1::ReplayEvaluationRequest replay;
  replay.set_name(second.name());
  ASSERT_OK_AND_ASSIGN(const auto again, Call<v1::ReplayedEvaluation>(kEvaluations, "ReplayEvaluation", replay));
  EXPECT_TRUE(again.reproduced());
  EXPECT_EQ(again.evaluation().SerializeAsString(), GetEvaluation(*manager_, second.name())->SerializeAsString());
}

TEST_F(EvaluationsTest, NoticeAndReviewComeOnce) {
  ASSERT_OK(CreateTemplate("main", Template()));
  Buy("p-1", "A", "2025-03-31", "300");
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation good, Evaluate("q1", "2025Q1"));
  EXPECT_EQ(good.consequence(), v1::Evaluation::NOTICE);  // 60 of 100
  ASSERT_OK(Publish(good.name()));
  EXPECT_THAT(Tasks(), IsEmpty());
  EXPECT_EQ(Times("noticed", good.name()), 1u);
  Buy("p-1", "B", "2025-06-30", "150");
  Talk("a", "2025-05-01");
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation poor, Evaluate("q2", "2025Q2"));
  v1::PublishEvaluationRequest request;
  request.set_name(poor.name());
  request.set_request_id(NewRequestId());
  // However often it is sent.
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation published,
                       Call<v1::Evaluation>(kEvaluations, "PublishEvaluation", request));
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation again, Call<v1::Evaluation>(kEvaluations, "PublishEvaluation", request));
  EXPECT_EQ(again.SerializeAsString(), published.SerializeAsString());
  EXPECT_EQ(published.consequence(), v1::Evaluation::REVIEW);
  const std::vector<v1::Activity> tasks = Tasks();
  ASSERT_THAT(tasks, SizeIs(1));
  EXPECT_EQ(tasks[0].name(), StrCat("partners/p-1/activities/review-", poor.uid()));
  ASSERT_THAT(tasks[0].follow_ups(), SizeIs(1));
  EXPECT_FALSE(tasks[0].follow_ups(0).done());
  EXPECT_EQ(published.sanction(), "");
  EXPECT_EQ(StateOf("p-1"), v1::Partner::ACTIVE);
}

TEST_F(EvaluationsTest, ABlockSuspendsOnceItCannotBeAppealedAgainst) {
  ASSERT_OK(CreateTemplate("main", Template(/*appeal_days=*/10)));
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation made, Evaluate("q1", "2025Q1"));
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation published, Publish(made.name()));
  ASSERT_EQ(published.sanction(), StrCat("partners/p-1/sanctions/of-", made.uid()));
  ASSERT_OK_AND_ASSIGN(v1::Sanction sanction, GetSanction(published.sanction()));
  EXPECT_EQ(sanction.state(), v1::Sanction::SCHEDULED);
  EXPECT_EQ(sanction.kind(), v1::Sanction::SUSPENSION);
  EXPECT_EQ(sanction.cause(), made.name());
  EXPECT_EQ(sanction.reason(), "Score of 0 in 2025Q1");
  EXPECT_EQ(sanction.effective_from().SerializeAsString(), published.appeal_before().SerializeAsString());
  EXPECT_EQ(TurnSanctions(), 0);
  clock_.Advance(absl::Hours(24 * 10));
  EXPECT_EQ(TurnSanctions(), 1);
  EXPECT_EQ(StateOf("p-1"), v1::Partner::SUSPENDED);
  clock_.Advance(absl::Hours(24 * 30));
  EXPECT_EQ(TurnSanctions(), 1);
  EXPECT_EQ(StateOf("p-1"), v1::Partner::ACTIVE);
  for (const char* verb : {"created", "begun", "ended"}) EXPECT_EQ(Times(verb, sanction.name()), 1u) << verb;
}

TEST_F(EvaluationsTest, AnAppealHaltsTheSuspensionUntilSomebodyElseDecides) {
  ASSERT_OK(CreateTemplate("main", Template()));
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation made, Evaluate("q1", "2025Q1"));
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation published, Publish(made.name()));
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation appealed, Appeal(*user_, made.name()));
  EXPECT_EQ(appealed.state(), v1::Evaluation::APPEALED);
  EXPECT_EQ(GetSanction(published.sanction())->state(), v1::Sanction::HALTED);
  clock_.Advance(absl::Hours(24 * 11));
  EXPECT_EQ(TurnSanctions(), 0);
  EXPECT_EQ(StateOf("p-1"), v1::Partner::ACTIVE);
  EXPECT_THAT(Decide(*manager_, made.name(), true), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(Decide(*user_, made.name(), true), HasReason(Reason::kPermissionDenied));

  ASSERT_OK_AND_ASSIGN(const v1::Evaluation confirmed, Decide(*second_, made.name(), false));
  EXPECT_EQ(confirmed.state(), v1::Evaluation::CONFIRMED);
  EXPECT_EQ(confirmed.appeal().decider(), "manager-2");
  EXPECT_EQ(GetSanction(published.sanction())->state(), v1::Sanction::SCHEDULED);
  EXPECT_EQ(TurnSanctions(), 1);
  EXPECT_EQ(StateOf("p-1"), v1::Partner::SUSPENDED);
}

TEST_F(EvaluationsTest, AnUpheldAppealLeavesNothingOfIt) {
  ASSERT_OK(CreateTemplate("main", Template()));
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation made, Evaluate("q1", "2025Q1"));
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation published, Publish(made.name()));
  EXPECT_THAT(Evaluate("again", "2025Q1"), HasReason(Reason::kAlreadyExists));
  ASSERT_OK_AND_ASSIGN(v1::Evaluation next, Evaluate("q2", "2025Q2"));
  EXPECT_EQ(next.previous(), made.name());
  ASSERT_OK(Appeal(*user_, made.name()));
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation withdrawn, Decide(*second_, made.name(), true));
  EXPECT_EQ(withdrawn.state(), v1::Evaluation::WITHDRAWN);
  ASSERT_OK_AND_ASSIGN(const v1::Sanction lifted, GetSanction(published.sanction()));
  EXPECT_EQ(lifted.state(), v1::Sanction::LIFTED);
  EXPECT_EQ(lifted.lifter(), "manager-2");
  clock_.Advance(absl::Hours(24 * 11));
  EXPECT_EQ(TurnSanctions(), 0);
  EXPECT_EQ(StateOf("p-1"), v1::Partner::ACTIVE);
  EXPECT_EQ(Review(), 1);
  EXPECT_EQ(GetEvaluation(*manager_, next.name())->previous(), "");
  ASSERT_OK(Evaluate("again", "2025Q1"));
}

TEST_F(EvaluationsTest, BadInputSaysWhatIsWrong) {
  v1::ScorecardTemplate bad = Template();
  bad.set_fiscal_calendar("fiscalCalendars/none");
  bad.set_follows("scorecardTemplates/none");
  EXPECT_THAT(CreateTemplate("bad", bad), HasReason(Reason::kReferenceNotFound));
  bad = Template();
  bad.mutable_components(0)->set_weight(61);
  EXPECT_THAT(CreateTemplate("bad", bad), Blames("scorecard_template.components"));
  bad = Template();
  bad.mutable_components(0)->mutable_high()->set_value("1.234");
  EXPECT_THAT(CreateTemplate("bad", bad), Blames("scorecard_template.components[0].high"));
  ASSERT_OK(CreateTemplate("main", Template()));
  EXPECT_THAT(CreateTemplate("main", Template()), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(Evaluate("e", "2025Q9"), Blames("evaluation.period"));
  EXPECT_THAT(Evaluate("e", "2025Q1", "none"), Blames("evaluation.template"));
  EXPECT_THAT(Evaluate("e", "2025Q1", "main", "nobody"), HasReason(Reason::kNotFound));
  ASSERT_OK_AND_ASSIGN(const v1::Evaluation ahead, Evaluate("ahead", "2060Q1"));
  EXPECT_EQ(ahead.high().exact(), "100");  // nothing is known of what has not begun
  EXPECT_EQ(ahead.low().exact(), "0");
  EXPECT_THAT(Publish(ahead.name()), HasReason(Reason::kPeriodNotEnded));
}

}  // namespace
}  // namespace tributary::partner
