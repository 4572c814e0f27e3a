// What tiers promise of any program and any days: no demotion without notice and grace; what is missing is exactly what
// promotes.

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"
#include "partner-service/tier_assignments/tier_assignment.h"

namespace tributary::partner {
namespace {

class Chance {
 public:
  explicit Chance(uint32_t seed) : random_(seed) {}
  int Upto(int most) { return std::uniform_int_distribution<int>(0, most)(random_); }

 private:
  std::mt19937 random_;
};

LevelCriterion SomeCriterion(Chance& chance) {
  switch (chance.Upto(3)) {
    case 0:
      return {.kind = CriterionKind::kCertificates,
              .course_id = StrCat("c-", chance.Upto(2)),
              .want = Decimal::FromInt(1 + chance.Upto(5))};
    case 1:
      return {.kind = CriterionKind::kActiveDays, .want = Decimal::FromInt(1 + chance.Upto(400))};
    case 2:
      return {.basis = TargetBasis::kOrder, .want = Decimal::FromMicros(1 + chance.Upto(2000000000))};
    default:
      return {.currency = "CNY", .want = Decimal::FromMicros(10000 * (1 + int64_t{chance.Upto(100000000)}))};
  }
}

PartnerProgram SomeProgram(Chance& chance) {
  PartnerProgram program{.id = "growth",
                         .revision = Revision::First(kNow),
                         .months = 12,
                         .notice_days = 1 + chance.Upto(40),
                         .grace_days = chance.Upto(3) == 0 ? 0 : chance.Upto(60)};
  const int levels = 1 + chance.Upto(4);
  for (int i = 0; i < levels; ++i) {
    ProgramLevel& level = program.levels.emplace_back(ProgramLevel{.id = StrCat("l-", i)});
    const int criteria = i == 0 ? chance.Upto(2) : 1 + chance.Upto(2);
    for (int c = 0; c < criteria; ++c) level.criteria.push_back(SomeCriterion(chance));
  }
  return program;
}

// The least that can be added: a cent, a millionth of a unit, one of what is counted.
Decimal UnitOf(const LevelCriterion& criterion) {
  if (criterion.kind != CriterionKind::kSales) return Decimal::FromInt(1);
  return Decimal::FromMicros(criterion.currency.empty() ? 1 : 10000);
}

// Around what is wanted, so that each side comes up.
CriterionFigure SomeFigure(Chance& chance, const LevelCriterion& criterion) {
  if (chance.Upto(12) == 0) return {};
  const absl::int128 units = criterion.want.micros() / UnitOf(criterion).micros();
  const absl::int128 got = units * chance.Upto(15) / 10 + chance.Upto(2) - 1;
  return {.got = Decimal::FromMicros(got * UnitOf(criterion).micros())};
}

TierFigures SomeFigures(Chance& chance, const PartnerProgram& program, Date today) {
  TierFigures figures{.days = DateRange{today.AddDays(-90), today.AddDays(1)}};
  for (const ProgramLevel& level : program.levels) {
    std::vector<CriterionFigure>& of_level = figures.figures.emplace_back();
    for (const LevelCriterion& criterion : level.criteria) of_level.push_back(SomeFigure(chance, criterion));
  }
  return figures;
}

TEST(TierPropertyTest, NoDemotionWithoutNoticeAndGrace) {
  int demotions = 0, promotions = 0, withdrawn = 0;
  for (uint32_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    Chance chance(seed);
    PartnerProgram program = SomeProgram(chance);
    const Partner partner{.id = "p-1", .state = PartnerState::kActive};
    std::optional<TierAssignment> current;
    struct {
      Date given;
      int notice_days = 0, grace_days = 0;
      bool unmet_since = true;
    } notice;
    Date today = *Date::Parse("2026-01-01");
    TierFigures figures = SomeFigures(chance, program, today);
    for (int step = 0; step < 60; ++step, today = today.AddDays(chance.Upto(20))) {
      if (chance.Upto(2) == 0) figures = SomeFigures(chance, program, today);
      if (chance.Upto(10) == 0) {
        program.notice_days = 1 + chance.Upto(40);
        program.grace_days = chance.Upto(60);
        program.revision = program.revision.Next(kNow);
      }
      const std::vector<LevelFinding> findings = FindLevels(program, {figures});
      const int reached = RankReached(findings), held = current.has_value() ? current->rank : 0;
      const TierDecision decision = Decide(partner, program, findings, current, today, kNow);
      const int after = decision.made.has_value() ? decision.made->rank : held;
      EXPECT_GE(after, reached);  // what is reached is had at once
      switch (decision.outcome) {
        case TierOutcome::kPromoted:
          ++promotions;
          EXPECT_GT(after, held);
          break;
        case TierOutcome::kNoticed:
          notice = {today, program.notice_days, program.grace_days, true};
          EXPECT_LT(reached, held);
          break;
        case TierOutcome::kNoticeWithdrawn:
          ++withdrawn;
          EXPECT_EQ(reached, held);
          break;
        case TierOutcome::kDemoted:
          ++demotions;
          ASSERT_TRUE(current->notice.has_value());
          EXPECT_EQ(current->notice->given, notice.given);
          EXPECT_TRUE(notice.unmet_since);
          EXPECT_GE(today, notice.given.AddDays(notice.notice_days + notice.grace_days));
          EXPECT_LT(after, held);
          EXPECT_EQ(after, reached);
          break;
        default:
          EXPECT_EQ(after, held);
          break;
      }
      if (reached >= held) notice.unmet_since = decision.outcome == TierOutcome::kNoticed;
      // One follows the other without a gap, and of one only one holds.
      if (decision.made.has_value() && decision.changed.has_value()) {
        EXPECT_EQ(decision.changed->valid.end, decision.made->valid.start);
      }
      if (decision.made.has_value()) {
        current = decision.made;
      } else if (decision.changed.has_value()) {
        current = decision.changed;
      }
      // The same again on the same day changes nothing.
      EXPECT_EQ(Decide(partner, program, findings, current, today, kNow).outcome, TierOutcome::kUnchanged);
    }
  }
  EXPECT_GT(demotions, 100);
  EXPECT_GT(promotions, 100);
  EXPECT_GT(withdrawn, 100);
}

TEST(TierPropertyTest, WhatIsMissingPromotesAndOneUnitLessDoesNot) {
  const Date today = *Date::Parse("2026-01-01");
  int promoted = 0;
  for (uint32_t seed = 0; seed < 3000; ++seed) {
    SCOPED_TRACE(seed);
    Chance chance(seed);
    const PartnerProgram program = SomeProgram(chance);
    const Partner partner{.id = "p-1", .state = PartnerState::kActive};
    const TierFigures figures = SomeFigures(chance, program, today);
    const auto decide = [&](const TierFigures& known, const std::optional<TierAssignment>& current) {
      return Decide(partner, program, FindLevels(program, {known}), current, today, kNow);
    };
    const std::optional<TierAssignment> current = decide(figures, std::nullopt).made;
    const TierOutlook outlook = Outlook(program, {figures}, current);
    if (!outlook.next.has_value()) continue;
    ASSERT_FALSE(outlook.next->met);
    const size_t level = static_cast<size_t>(outlook.next->rank) - 1;
    TierFigures reached = figures;
    for (size_t i = 0; i < outlook.next->criteria.size(); ++i) {
      CriterionFigure& figure = reached.figures[level][i];
      figure.got = figure.got.value_or(Decimal()) + outlook.next->criteria[i].distance;
    }
    const TierDecision decision = decide(reached, current);
    EXPECT_EQ(decision.outcome, TierOutcome::kPromoted);
    EXPECT_EQ(decision.made->level, outlook.next->level);
    for (size_t i = 0; i < outlook.next->criteria.size(); ++i) {
      if (outlook.next->criteria[i].met) continue;
      TierFigures short_by_one = reached;
      CriterionFigure& figure = short_by_one.figures[level][i];
      figure.got = *figure.got - UnitOf(outlook.next->criteria[i].criterion);
      EXPECT_EQ(decide(short_by_one, current).outcome, TierOutcome::kUnchanged);
      ++promoted;
    }
  }
  EXPECT_GT(promoted, 1000);
}

}  // namespace
}  // namespace tributary::partner
