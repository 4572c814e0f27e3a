#include "partner-service/evaluations/evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"

namespace tributary::partner {
namespace {

using ::testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(1790000000);

Evaluation In(EvaluationState state) {
  Evaluation evaluation{.partner_id = "p",
                        .id = "e",
                        .revision = Revision::First(kNow),
                        .period = "2026Q3",
                        .days = {Day("2026-07-01"), Day("2026-10-01")},
                        .state = state,
                        .publisher = "manager",
                        .appeal_before = Day("2026-10-15")};
  if (state >= EvaluationState::kAppealed) evaluation.appeal = Appeal{.reason = "No", .principal = "user"};
  return evaluation;
}

WorkedOut Worked() {
  return {.scorecard = {.components = {{.component = "a", .weight = 100, .low = Rational::FromInt(7)}}},
          .counted_to = Day("2026-09-30"),
          .inputs_sha256 = "hash",
          .inventory_cursor = 5};
}

Publication By(const char* today, int appeal_days = 14) {
  return {.principal = "other",
          .time = kNow,
          .today = Day(today),
          .partners_today = Day("2026-10-02"),
          .appeal_days = appeal_days};
}

// Every state by every verb: what becomes of it, or why not.
TEST(PartnerEvaluationTest, StatesByVerbs) {
  const std::vector<std::pair<std::string, std::function<absl::StatusOr<Evaluation>(const Evaluation&)>>> verbs = {
      {"run", [](const Evaluation& e) { return partner::Run(e, Worked(), kNow); }},
      {"publish", [](const Evaluation& e) { return Publish(e, Worked(), By("2026-10-01")); }},
      {"appeal", [](const Evaluation& e) { return AppealAgainst(e, "No", "user", Day("2026-10-14"), kNow); }},
      {"uphold", [](const Evaluation& e) { return Decide(e, true, "Yes", "second", kNow); }},
      {"dismiss", [](const Evaluation& e) { return Decide(e, false, "No", "second", kNow); }},
  };
  const std::vector<std::vector<std::string>> want = {
      // run, publish, appeal, uphold, dismiss
      {"OPEN", "PUBLISHED", "", "", ""},
      {"", "", "APPEALED", "", ""},
      {"", "", "", "WITHDRAWN", "CONFIRMED"},
      {"", "", "", "", ""},
      {"", "", "", "", ""},
  };
  for (size_t state = 0; state < want.size(); ++state) {
    const Evaluation evaluation = In(static_cast<EvaluationState>(state + 1));
    for (size_t verb = 0; verb < verbs.size(); ++verb) {
      SCOPED_TRACE(verbs[verb].first + " of " + std::string(NameOf(evaluation.state)));
      const auto next = verbs[verb].second(evaluation);
      if (want[state][verb].empty()) {
        EXPECT_THAT(next, HasReason(Reason::kStateConflict));
        continue;
      }
      ASSERT_OK(next);
      EXPECT_EQ(NameOf(next->state), want[state][verb]);
      EXPECT_EQ(next->revision.version, 2);
    }
  }
}

TEST(PartnerEvaluationTest, PublishedOnceThePeriodHasEnded) {
  const Evaluation open = In(EvaluationState::kOpen);
  const auto early = Publish(open, Worked(), By("2026-09-30"));
  EXPECT_THAT(early, HasReason(Reason::kPeriodNotEnded));
  EXPECT_THAT(std::string(early.status().message()), HasSubstr("2026-10-01 or later"));
  ASSERT_OK_AND_ASSIGN(const Evaluation published, Publish(open, Worked(), By("2026-10-01")));
  EXPECT_EQ(published.scorecard.low(), Rational::FromInt(7));
  EXPECT_EQ(published.publisher, "other");
  EXPECT_EQ(published.publish_time, kNow);
  EXPECT_EQ(published.appeal_before, Day("2026-10-16"));
  EXPECT_EQ(Publish(In(EvaluationState::kOpen), Worked(), By("2026-10-01", 0))->state, EvaluationState::kPublished);
}

TEST(PartnerEvaluationTest, AppealedAgainstInTime) {
  Evaluation published = In(EvaluationState::kPublished);
  ASSERT_OK_AND_ASSIGN(const Evaluation appealed, AppealAgainst(published, "No", "user", Day("2026-10-14"), kNow));
  EXPECT_EQ(appealed.appeal->reason, "No");
  EXPECT_FALSE(appealed.appeal->decide_time.has_value());
  EXPECT_THAT(AppealAgainst(published, "No", "user", Day("2026-10-15"), kNow), HasReason(Reason::kStateConflict));
  published.appeal_before.reset();
  EXPECT_THAT(AppealAgainst(published, "No", "user", Day("2026-10-02"), kNow), HasReason(Reason::kStateConflict));
}

TEST(PartnerEvaluationTest, SomebodyElseDecides) {
  const Evaluation appealed = In(EvaluationState::kAppealed);
  EXPECT_THAT(Decide(appealed, true, "Yes", "manager", kNow), HasReason(Reason::kSecondPersonRequired));
  ASSERT_OK_AND_ASSIGN(const Evaluation decided, Decide(appealed, true, "Yes", "second", kNow));
  EXPECT_TRUE(decided.appeal->upheld);
  EXPECT_EQ(decided.appeal->decision, "Yes");
  EXPECT_EQ(decided.appeal->decider, "second");
  EXPECT_EQ(decided.appeal->decide_time, kNow);
}

TEST(PartnerEvaluationTest, DiffersByWhatItSays) {
  ASSERT_OK_AND_ASSIGN(const Evaluation run, partner::Run(In(EvaluationState::kOpen), Worked(), kNow));
  WorkedOut again = Worked();
  again.inventory_cursor = 6;  // further in the feed, where nothing concerns it
  EXPECT_FALSE(Differs(run, again));
  again.counted_to = Day("2026-09-29");
  EXPECT_TRUE(Differs(run, again));
  again = Worked();
  again.inputs_sha256 = "other";
  EXPECT_TRUE(Differs(run, again));
  again = Worked();
  again.scorecard.components[0].low = Rational::FromInt(8);
  EXPECT_TRUE(Differs(run, again));
}

}  // namespace
}  // namespace tributary::partner
