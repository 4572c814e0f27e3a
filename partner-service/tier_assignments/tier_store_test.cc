// Tier assignments and reviews in the database, and what an evaluation reads there.

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "partner-service/partner_programs/partner_program_store.h"
#include "partner-service/partners/partner_activity_store.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/testing_store.h"
#include "partner-service/tier_assignments/tier_assignment_store.h"
#include "partner-service/tier_assignments/tier_evaluator.h"
#include "partner-service/tier_assignments/tier_review_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

class TierStoreTest : public StoreTest {
 protected:
  static std::vector<LevelFinding> Findings() {
    return {{.level = "member", .rank = 1, .met = true},
            {.level = "gold",
             .rank = 2,
             .days = DateRange{Day("2025-01-01"), Day("2026-01-01")},
             .criteria = {{.criterion = {.basis = TargetBasis::kOrder,
                                         .product_lines = {"productLines/a"},
                                         .currency = "CNY",
                                         .want = *Decimal::Parse("1000.5")},
                           .got = *Decimal::Parse("-2.000001"),
                           .unpriced_facts = 3,
                           .distance = *Decimal::Parse("1002.500001")},
                          {.criterion = {.kind = CriterionKind::kActiveDays, .want = Decimal::FromInt(90)},
                           .distance = Decimal::FromInt(90)}}}};
  }
  static TierAssignment Of(std::string partner, std::string id, std::string program = "growth") {
    return {.partner_id = std::move(partner),
            .id = std::move(id),
            .revision = Revision::First(kNow),
            .program_id = std::move(program),
            .program_revision = 7,
            .level = "gold",
            .rank = 2,
            .valid = {Day("2026-01-01"), OpenEnd()},
            .cause = TierCause::kDemotion,
            .findings = Findings()};
  }
  absl::Status Create(const TierAssignment& assignment) {
    return Do([&](mysql::Transaction& sql) { return assignments_.Create(sql, assignment); });
  }
  absl::StatusOr<TierAssignment> Get(std::string_view partner, std::string_view id) {
    return Ask<TierAssignment>([&](mysql::Transaction& sql) { return assignments_.Get(sql, partner, id); });
  }
  std::vector<std::string> Names(std::string_view partner, const std::string& filter) {
    std::vector<std::string> names;
    for (const TierAssignment& one : All<TierAssignment>(
             TierAssignmentStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return assignments_.List(sql, partner, page); },
             [](const TierAssignment&last) {
               return std::vector{last.partner_id, last.id};
             })) {
      names.push_back(StrCat(one.partner_id, "/", one.id));
    }
    return names;
  }
  std::vector<std::string> Due(absl::Time now) {
    std::vector<std::string> ids;
    const auto due = Ask<std::vector<std::pair<std::string, std::string>>>(
        [&](mysql::Transaction& sql) { return reviews_.Due(sql, now, 10); });
    EXPECT_OK(due);
    for (const auto& [partner, own] : *due) ids.push_back(partner);
    return ids;
  }
  TierAssignmentStore assignments_;
  TierReviewStore reviews_;
};

TEST_F(TierStoreTest, AnAssignmentIsReadAsItWasWritten) {
  TierAssignment assignment = Of("p-1", "a");
  ASSERT_OK(Create(assignment));
  const auto expect_same = [&] {
    ASSERT_OK_AND_ASSIGN(const TierAssignment read, Get("p-1", "a"));
    EXPECT_EQ(read.name(), "partners/p-1/tierAssignments/a");
    EXPECT_EQ(read.revision, assignment.revision);
    EXPECT_EQ(read.program_id, "growth");
    EXPECT_EQ(read.program_revision, 7);
    EXPECT_EQ(read.level, "gold");
    EXPECT_EQ(read.rank, 2);
    EXPECT_EQ(read.valid, assignment.valid);
    EXPECT_EQ(read.cause, TierCause::kDemotion);
    EXPECT_EQ(read.findings, assignment.findings);
    ASSERT_EQ(read.notice.has_value(), assignment.notice.has_value());
    if (!read.notice.has_value()) return;
    EXPECT_EQ(read.notice->given, assignment.notice->given);
    EXPECT_EQ(read.notice->grace, assignment.notice->grace);
    EXPECT_EQ(read.notice->demotion, assignment.notice->demotion);
    EXPECT_EQ(read.notice->findings, assignment.notice->findings);
  };
  expect_same();
  const auto update = [&] {
    assignment.revision = assignment.revision.Next(kNow + absl::Seconds(1));
    return Do([&](mysql::Transaction& sql) { return assignments_.Update(sql, assignment); });
  };
  assignment.notice = {Day("2026-02-01"), Day("2026-03-01"), Day("2026-04-01"), Findings()};
  ASSERT_OK(update());
  expect_same();
  assignment.notice.reset();
  assignment.valid.end = Day("2026-05-01");
  ASSERT_OK(update());
  expect_same();
  EXPECT_THAT(Get("p-2", "a"), HasReason(Reason::kNotFound));
}

TEST_F(TierStoreTest, OneOfAProgramHolds) {
  TierAssignment past = Of("p-1", "a");
  past.valid.end = Day("2026-02-01");
  ASSERT_OK(Create(past));
  ASSERT_OK(Create(Of("p-1", "b")));
  ASSERT_OK(Create(Of("p-1", "c", "other")));
  ASSERT_OK(Create(Of("p-2", "d")));
  const auto current = [&](const char* partner, const char* program) {
    std::string id;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const std::optional<TierAssignment> held, assignments_.Current(sql, partner, program));
      id = held.has_value() ? held->id : "none";
      return absl::OkStatus();
    }));
    return id;
  };
  EXPECT_EQ(current("p-1", "growth"), "b");
  EXPECT_EQ(current("p-1", "other"), "c");
  EXPECT_EQ(current("p-2", "other"), "none");
  EXPECT_THAT(Names("", ""), SizeIs(4));
  EXPECT_THAT(Names("p-1", ""), ElementsAre("p-1/a", "p-1/b", "p-1/c"));
  EXPECT_THAT(Names("", "NOT valid_to:* AND program = \"partnerPrograms/growth\""), ElementsAre("p-1/b", "p-2/d"));
  EXPECT_THAT(Names("", "cause = PROMOTION"), IsEmpty());
  EXPECT_THAT(Names("", "notice_date:*"), IsEmpty());
}

TEST_F(TierStoreTest, AReviewIsDueWhenItIs) {
  const auto run = [&](auto body) { EXPECT_OK(Do(body)); };
  run([&](mysql::Transaction& sql) { return reviews_.Begin(sql, "p-1"); });
  run([&](mysql::Transaction& sql) { return reviews_.Begin(sql, "p-2"); });
  EXPECT_THAT(Due(kNow), ElementsAre("p-1", "p-2"));
  run([&](mysql::Transaction& sql) { return reviews_.Next(sql, "p-1", kNow + absl::Hours(1)); });
  EXPECT_THAT(Due(kNow), ElementsAre("p-2"));
  EXPECT_THAT(Due(kNow + absl::Hours(1)), ElementsAre("p-2", "p-1"));
  // Without a program there is nothing to review.
  run([&](mysql::Transaction& sql) { return reviews_.Ask(sql, {"p-1"}); });
  EXPECT_THAT(Due(kNow), ElementsAre("p-2"));
  run([&](mysql::Transaction& sql) {
    return PartnerProgramStore().Create(
        sql, {.id = "growth", .revision = Revision::First(kNow), .display_name = "Growth", .months = 12});
  });
  // Who is not reviewed is not asked for.
  run([&](mysql::Transaction& sql) { return reviews_.Ask(sql, {"p-1", "p-3"}); });
  EXPECT_THAT(Due(kNow), ElementsAre("p-1", "p-2"));
  run([&](mysql::Transaction& sql) { return reviews_.Ask(sql, {}); });
  run([&](mysql::Transaction& sql) { return reviews_.End(sql, "p-2"); });
  EXPECT_THAT(Due(kNow), ElementsAre("p-1"));
  run([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<absl::Time> due, reviews_.Hold(sql, "p-1"));
    EXPECT_EQ(due, absl::UnixEpoch());
    ASSIGN_OR_RETURN(const std::optional<absl::Time> none, reviews_.Hold(sql, "p-2"));
    EXPECT_FALSE(none.has_value());
    return absl::OkStatus();
  });
}

// A bulk load asks with every batch: it is reviewed once, soon after its end, and not starved where it does not end.
TEST_F(TierStoreTest, ABurstOfAskingIsOneReview) {
  const auto run = [&](auto body) { EXPECT_OK(Do(body)); };
  const auto ask = [&](absl::Time now) {
    run([&](mysql::Transaction& sql) { return reviews_.AskSoon(sql, {"p-1", "p-2"}, now); });
  };
  for (const char* id : {"p-1", "p-2"}) {
    run([&](mysql::Transaction& sql) { return reviews_.Begin(sql, id); });
    run([&](mysql::Transaction& sql) { return reviews_.Next(sql, id, kNow + absl::Hours(24)); });
  }
  ask(kNow);
  EXPECT_THAT(Due(kNow + absl::Hours(23)), ElementsAre());  // without a program there is nothing to review
  run([&](mysql::Transaction& sql) {
    return PartnerProgramStore().Create(
        sql, {.id = "growth", .revision = Revision::First(kNow), .display_name = "Growth", .months = 12});
  });
  ask(kNow);
  ask(kNow + absl::Milliseconds(1500));
  EXPECT_THAT(Due(kNow + absl::Milliseconds(3499)), ElementsAre());
  EXPECT_THAT(Due(kNow + absl::Milliseconds(3500)), ElementsAre("p-1", "p-2"));
  // Reviewed, the next burst begins anew.
  run([&](mysql::Transaction& sql) { return reviews_.Next(sql, "p-1", kNow + absl::Hours(24)); });
  const absl::Time begun = kNow + absl::Minutes(1);
  int reviews = 0;
  for (absl::Time now = begun; now < begun + absl::Seconds(40); now += absl::Seconds(1)) {
    ask(now);
    const std::vector<std::string> due = Due(now);
    if (std::find(due.begin(), due.end(), "p-1") == due.end()) continue;
    ++reviews;
    EXPECT_EQ(now, begun + absl::Seconds(20));
    run([&](mysql::Transaction& sql) { return reviews_.Next(sql, "p-1", kNow + absl::Hours(24)); });
  }
  EXPECT_EQ(reviews, 1);  // in 40 seconds of 40 batches; the second comes two seconds after the last
  EXPECT_THAT(Due(begun + absl::Seconds(41)), ::testing::Contains("p-1"));
  // What is due at once stays so.
  run([&](mysql::Transaction& sql) { return reviews_.Ask(sql, {"p-1"}); });
  ask(begun + absl::Minutes(1));
  EXPECT_THAT(Due(kNow), ::testing::Contains("p-1"));
}

TEST_F(TierStoreTest, SpansBelongToThePartnerNotToItsId) {
  const PartnerActivityStore activity;
  Partner partner{.id = "p-1", .revision = Revision::First(kNow), .state = PartnerState::kActive};
  const auto record = [&](const Partner& one, absl::Time now) {
    EXPECT_OK(Do([&](mysql::Transaction& sql) { return activity.Record(sql, one, now); }));
  };
  const auto spans = [&](const Partner& one) {
    std::vector<std::pair<absl::Time, absl::Time>> all;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const std::vector<ActiveSpan> read, activity.SpansOf(sql, one));
      for (const ActiveSpan& span : read) all.emplace_back(span.start, span.end.value_or(absl::InfiniteFuture()));
      return absl::OkStatus();
    }));
    return all;
  };
  record(partner, kNow);
  partner.state = PartnerState::kSuspended;
  record(partner, kNow + absl::Hours(1));
  partner.state = PartnerState::kActive;
  record(partner, kNow + absl::Hours(2));
  EXPECT_THAT(spans(partner),
              ElementsAre(Pair(kNow, kNow + absl::Hours(1)), Pair(kNow + absl::Hours(2), absl::InfiniteFuture())));
  partner.state = PartnerState::kTerminated;
  record(partner, kNow + absl::Hours(3));
  record(partner, kNow + absl::Hours(4));  // changes nothing
  EXPECT_EQ(spans(partner).back().second, kNow + absl::Hours(3));
  const Partner another{.id = "p-1", .revision = Revision::First(kNow)};
  EXPECT_THAT(spans(another), IsEmpty());
  EXPECT_THAT(Due(kNow), ElementsAre("p-1"));
}

// By a calendar's quarters: the one under way, the one before; where the calendar has none, nothing is known.
TEST_F(TierStoreTest, SalesAreMeasuredByTheCalendarsPeriods) {
  FiscalCalendar calendar{.id = "main", .revision = Revision::First(kNow), .time_zone = "UTC"};
  calendar.periods = *LayOut(
      {.pattern = LayoutPattern::kCalendarMonths, .first_day = Day("2023-01-01"), .first_year = 2023, .years = 1});
  Sort(calendar);
  const PartnerProgram program{
      .id = "growth",
      .levels = {{.id = "one", .criteria = {{.currency = "CNY", .want = Decimal::FromInt(9)}}}},
      .calendar_id = "main",
      .period_kind = PeriodKind::kQuarter};
  const Partner partner{.id = "p-1", .state = PartnerState::kActive};
  std::vector<SalesFact> told;
  for (const auto& [fact, day, amount] : std::vector<std::tuple<const char*, const char*, int>>{
           {"a", "2023-06-30", 1}, {"b", "2023-07-01", 2}, {"c", "2023-09-30", 4}, {"d", "2023-10-01", 8}}) {
    told.push_back({.partner_id = "p-1",
                    .fact = fact,
                    .order_date = Day(day),
                    .move_date = Day(day),
                    .product = "products/x",
                    .quantity = Decimal::FromInt(1),
                    .amount = Decimal::FromInt(amount),
                    .currency = "CNY"});
  }
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(FiscalCalendarStore().Create(sql, calendar));
    return SalesFactStore().Add(sql, told);
  }));
  const auto measure = [&](const char* day) {
    std::string found;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      const absl::Time noon = absl::FromUnixSeconds(int64_t{Day(day).days()} * 86400 + 43200);
      ASSIGN_OR_RETURN(const std::vector<TierFigures> figures, TierEvaluator().Measure(sql, partner, program, noon));
      for (const TierFigures& one : figures) {
        StrAppend(&found, one.days.has_value() ? one.days->start.ToString() : "unknown", " ",
                  one.figures[0][0].got.has_value() ? one.figures[0][0].got->ToString() : "unknown", "; ");
      }
      return absl::OkStatus();
    }));
    return found;
  };
  EXPECT_EQ(measure("2023-12-31"), "2023-10-01 8; 2023-07-01 6; ");
  EXPECT_EQ(measure("2023-09-30"), "2023-07-01 6; 2023-04-01 1; ");
  EXPECT_EQ(measure("2023-01-01"), "2023-01-01 0; ");
  EXPECT_EQ(measure("2024-01-01"), "unknown unknown; ");
  EXPECT_EQ(measure("2022-12-31"), "unknown unknown; ");
}

// Lines, returns and what takes them back, told in any order and in any parts.
TEST_F(TierStoreTest, TheOrderOfFactsIsNothing) {
  PartnerProgram program{.id = "growth",
                         .levels = {{.id = "one",
                                     .criteria = {{.currency = "CNY", .want = Decimal::FromInt(1000)},
                                                  {.basis = TargetBasis::kOrder,
                                                   .product_lines = {"productLines/a"},
                                                   .want = Decimal::FromInt(20)}}}},
                         .months = 3};
  const SalesFactStore facts;
  const TierEvaluator evaluator;
  const Date today = Day("2023-11-14");  // of kNow
  std::mt19937 random(7);
  for (int round = 0; round < 12; ++round) {
    SCOPED_TRACE(round);
    std::vector<SalesFact> told;
    for (int i = 0; i < 24; ++i) {
      const Date day = today.AddDays(-static_cast<int>(random() % 150));
      SalesFact fact{.fact = StrCat("shipments/D", i, "/lines/1"),
                     .order_date = day.AddDays(-static_cast<int>(random() % 20)),
                     .move_date = day,
                     .product = "products/x",
                     .product_line = i % 2 == 0 ? "productLines/a" : "productLines/b",
                     .quantity = Decimal::FromInt(1 + static_cast<int64_t>(random() % 9)),
                     .amount = Decimal::FromMicros(static_cast<int64_t>(random() % 300000000)),
                     .currency = i % 7 == 6 ? "USD" : "CNY"};
      if (i % 4 == 3) {
        fact.kind = i % 8 == 3 ? SalesFactKind::kReturn : SalesFactKind::kReversal;
        fact.refers = StrCat("shipments/D", random() % 24 / 2, "/lines/1");
        fact.quantity = -fact.quantity;
        fact.amount = -*fact.amount;
      }
      told.push_back(std::move(fact));
    }
    std::string first;
    for (int order = 0; order < 4; ++order) {
      const Partner partner{.id = StrCat("p-", round, "-", order), .state = PartnerState::kActive};
      for (SalesFact& fact : told) fact.partner_id = partner.id;
      for (size_t from = 0; from < told.size();) {
        const size_t to = std::min(told.size(), from + 1 + random() % 9);
        ASSERT_OK(Do([&](mysql::Transaction& sql) {
          return facts.Add(sql, {told.begin() + static_cast<int64_t>(from), told.begin() + static_cast<int64_t>(to)});
        }));
        from = to;
      }
      std::string found;
      ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
        ASSIGN_OR_RETURN(const std::vector<TierFigures> figures, evaluator.Measure(sql, partner, program, kNow));
        const auto levels = FindLevels(program, figures);
        for (const CriterionFinding& one : levels.front().criteria) {
          StrAppend(&found, one.got->ToString(), " ", one.unpriced_facts, " ", one.met, "; ");
        }
        return absl::OkStatus();
      }));
      if (order == 0) first = found;
      EXPECT_EQ(found, first);
      std::shuffle(told.begin(), told.end(), random);
    }
  }
}

}  // namespace
}  // namespace tributary::partner
