// What must hold of free goods, margins, guarantees, budgets, groups and unit funding, whatever the
// numbers are and in whatever order they are told.

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include "incentive-service/engine/budget.h"
#include "incentive-service/engine/composite.h"
#include "incentive-service/engine/count.h"
#include "incentive-service/engine/free_goods.h"
#include "incentive-service/engine/group_share.h"
#include "incentive-service/engine/guarantee.h"
#include "incentive-service/engine/margin.h"
#include "incentive-service/engine/testing_numbers.h"
#include "incentive-service/engine/unit_funding.h"

namespace tributary::incentive {
namespace {

Date NthDay(int64_t day) { return On("01-01").AddDays(static_cast<int>(day)); }
Decimal Micros(int64_t micros) { return Decimal::FromMicros(micros); }

TEST(FreeGoodsPropertyTest, DueFollowsFromTheSumAlone) {
  int64_t given = 0;
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    Draw draw(seed);
    const FreeGoodsTerms terms{Decimal::FromInt(draw.Pick(1, 100)), Decimal::FromInt(draw.Pick(1, 5)),
                               draw.Pick(0, 1) == 0 ? FreeGoodsScope::kOrder : FreeGoodsScope::kPeriod,
                               draw.Pick(0, 1) == 0 ? FreeGoodsKind::kExclusive : FreeGoodsKind::kInclusive};
    std::vector<GoodsUnits> lines;
    for (int64_t i = draw.Pick(1, 15); i > 0; --i) {
      const std::string order = terms.scope == FreeGoodsScope::kOrder ? StrCat("o", draw.Pick(0, 2)) : "";
      lines.push_back({{{order, Micros(draw.Pick(-80, 300) * 500000)}}, Decimal::FromInt(draw.Pick(0, 1))});
    }
    GoodsUnits goods, again;
    for (const GoodsUnits& line : lines) AddGoods(line, 1, &goods);
    draw.Shuffle(&lines);
    for (const GoodsUnits& line : lines) AddGoods(line, 1, &again);
    ASSERT_EQ(again, goods);
    Decimal due;
    for (const auto& [order, quantity] : goods.paid) {
      const Decimal of_order = WorkOutGoods(terms, {{{order, quantity}}, Decimal()}).due;
      // No unit is free without its paid ones, and no paid ones are left without it.
      const bool within = terms.kind == FreeGoodsKind::kInclusive;
      const Rational paid = Rational(within ? quantity - of_order : quantity);
      const Rational bundles = Rational(of_order) / Rational(terms.free_units);
      ASSERT_EQ(bundles.den(), 1);
      ASSERT_LE(bundles * Rational(terms.paid_units), quantity.negative() ? Rational() : paid);
      const Decimal bundle = within ? terms.paid_units + terms.free_units : terms.paid_units;
      ASSERT_LT(Rational(quantity), (bundles + Rational::FromInt(1)) * Rational(bundle));
      ASSERT_EQ(Rational(NextGoodsFrom(terms, quantity)), (bundles + Rational::FromInt(1)) * Rational(bundle));
      given += !of_order.zero();
      due += of_order;
    }
    ASSERT_EQ(WorkOutGoods(terms, goods).due, due);
    for (const GoodsUnits& line : lines) AddGoods(line, -1, &goods);
    ASSERT_EQ(goods, GoodsUnits());
  }
  EXPECT_GT(given, 1000);
}

TEST(MarginPropertyTest, FollowsFromTheSetOfLinesAndASaleThatCameBackLeavesNoTrace) {
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    Draw draw(seed);
    std::vector<MarginSums> lines;
    MarginSums sums, back;
    for (int64_t i = draw.Pick(1, 15); i > 0; --i) {
      const Decimal net = Micros(draw.Pick(-1000, 9000000)), units = Micros(draw.Pick(1, 50) * 500000);
      // What units of two layers cost on average.
      const std::vector<ConsumedUnits> consumed = {
          {"A", units, Rational(draw.Pick(0, 1000), draw.Pick(1, 13)), "USD"},
          {"B", Micros(draw.Pick(1, 9)), Rational(draw.Pick(0, 1000), draw.Pick(1, 13)), "USD"}};
      std::optional<Rational> cost;
      if (draw.Pick(0, 4) > 0) cost = LayerUnitCost("USD", consumed);
      lines.push_back(MarginOfLine(net, units, cost));
      if (cost.has_value()) {
        // Within a billionth of what each of them costs, and between the two.
        ASSERT_EQ(Rational::Integer(1000000000) % cost->den(), 0);
        const auto [low, high] = std::minmax(*consumed[0].unit_price, *consumed[1].unit_price);
        const Rational billionth(1, 1000000000);
        ASSERT_LE(low - billionth, *cost);
        ASSERT_LE(*cost, high + billionth);
        back.Add(MarginOfLine(-net, -units, cost));
      }
    }
    MarginSums again;
    for (const MarginSums& line : lines) sums.Add(line);
    draw.Shuffle(&lines);
    for (const MarginSums& line : lines) again.Add(line);
    ASSERT_EQ(again, sums);
    again.Add(back);
    ASSERT_EQ(again, MarginSums{.uncosted = sums.uncosted});
    for (const MarginSums& line : lines) sums.Add(line, -1);
    ASSERT_EQ(sums, MarginSums());
  }
}

TEST(GuaranteePropertyTest, CorrectingOneByOneEndsWhereWorkingItOutAtOnceDoes) {
  for (uint64_t seed = 1; seed <= 3000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    Draw draw(seed);
    const GuaranteeTerms terms{draw.Pick(0, 100), draw.Pick(0, 1) == 0, draw.Pick(0, 1) == 0};
    std::vector<GuaranteePeriod> periods(static_cast<size_t>(draw.Pick(1, 8)));
    for (GuaranteePeriod& one : periods) one.earned = draw.Pick(0, 200);
    // Stated as time goes by, with corrections of earlier periods on the way.
    std::vector<GuaranteePeriod> stated;
    int64_t at_least = 0;
    for (const GuaranteePeriod& next : periods) {
      stated.push_back({next.period, draw.Pick(0, 200), 0});
      for (int pass = 0; pass < 2; ++pass) {
        const std::vector<GuaranteeResult> results = ApplyGuarantee(terms, stated);
        for (size_t i = 0; i < results.size(); ++i) {
          if (!terms.recoupable) {
            ASSERT_GE(results[i].pay, 0);
          }
          stated[i].paid += results[i].pay;
        }
        stated[static_cast<size_t>(draw.Pick(0, static_cast<int64_t>(stated.size()) - 1))].earned = draw.Pick(0, 200);
      }
    }
    for (size_t i = 0; i < periods.size(); ++i) stated[i].earned = periods[i].earned;
    const std::vector<GuaranteeResult> last = ApplyGuarantee(terms, stated);
    const std::vector<GuaranteeResult> at_once = ApplyGuarantee(terms, periods);
    int64_t earned = 0, topped = 0, recouped = 0;
    for (size_t i = 0; i < periods.size(); ++i) {
      const int64_t due = at_once[i].top_up - at_once[i].recouped;
      const int64_t paid = stated[i].paid + last[i].pay;
      ASSERT_TRUE(terms.recoupable ? paid == due : paid >= due);
      earned += periods[i].earned;
      topped += at_once[i].top_up;
      recouped += at_once[i].recouped;
      at_least += terms.guarantee;
      ASSERT_LE(recouped, topped);
      // Up to each period nobody has less than what was guaranteed so far.
      ASSERT_GE(earned + topped, at_least);
      ASSERT_FALSE(at_once[i].top_up > 0 && at_once[i].recouped > 0);
    }
  }
}

TEST(CompositePropertyTest, TellingMoreNarrowsTheRange) {
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    Draw draw(seed);
    std::vector<ScoreComponent> components;
    std::vector<std::optional<Rational>> figures;
    int left = 100;
    for (int i = 0; left > 0; ++i) {
      const int weight = static_cast<int>(draw.Pick(1, left));
      left -= weight;
      const Decimal low = Micros(draw.Pick(-100, 100));
      components.push_back({StrCat("c", i), low, low + Micros(draw.Pick(1, 50) * (draw.Pick(0, 1) * 2 - 1)), weight});
      figures.push_back(draw.Pick(0, 2) == 0 ? std::nullopt : std::optional(Rational(Micros(draw.Pick(-150, 150)))));
    }
    ASSERT_TRUE(CheckComponents(components, "c").empty());
    const ScoreRange before = ScoreOf(components, figures).total;
    ASSERT_LE(Rational(), before.low);
    ASSERT_LE(before.high, Rational::FromInt(100));
    for (std::optional<Rational>& one : figures) one = one.value_or(Rational(Micros(draw.Pick(-150, 150))));
    const ScoreRange after = ScoreOf(components, figures).total;
    ASSERT_TRUE(after.exact());
    ASSERT_LE(before.low, after.low);
    ASSERT_LE(after.high, before.high);
  }
}

TEST(CountPropertyTest, AReturnLeavesNoTrace) {
  for (uint64_t seed = 1; seed <= 1000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    Draw draw(seed);
    std::vector<std::pair<std::string, Decimal>> told;
    CountedUnits lasting, units;
    for (int64_t i = draw.Pick(0, 20); i > 0; --i) {
      const std::string of = StrCat("c", draw.Pick(0, 6));
      const Decimal quantity = Micros(draw.Pick(1, 5));
      told.emplace_back(of, quantity);
      if (draw.Pick(0, 1) == 0) {
        told.emplace_back(of, -quantity);
      } else {
        AddUnits({{of, quantity}}, 1, &lasting);
      }
    }
    draw.Shuffle(&told);
    for (const auto& [of, quantity] : told) AddUnits({{of, quantity}}, 1, &units);
    ASSERT_EQ(units, lasting);
    ASSERT_EQ(CountDistinct(units), static_cast<int64_t>(lasting.size()));
  }
}

// Never more than there is unless it was issued before, the same in any order, and no less than one's own share.
TEST(BudgetPropertyTest, NeverMoreThanThereIsAndTheSameInAnyOrder) {
  int overruns = 0, short_of = 0;
  for (uint64_t seed = 1; seed <= 3000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    Draw draw(seed);
    const BudgetPolicy policy = draw.Pick(0, 1) == 0 ? BudgetPolicy::kProRata : BudgetPolicy::kByEvent;
    const int64_t budget = draw.Pick(0, 30000);
    const auto ask = [&](std::string partner) {
      BudgetAsk one{.partner = std::move(partner), .asked = draw.Pick(0, 9000)};
      std::map<Date, Rational> weights;
      for (int64_t i = draw.Pick(1, 4); i > 0; --i) weights[NthDay(draw.Pick(0, 5))] = Rational(draw.Pick(-3, 9), 7);
      one.events = EventsOf(one.asked, weights);
      return one;
    };
    std::vector<BudgetAsk> asks;
    for (int64_t i = draw.Pick(1, 10); i > 0; --i) asks.push_back(ask(StrCat("p", i)));
    for (const BudgetAsk& one : asks) {
      int64_t sum = 0;
      for (const BudgetEvent& event : one.events) {
        ASSERT_GT(event.value, 0);
        sum += event.value;
      }
      ASSERT_EQ(sum, one.asked);
    }
    ASSERT_OK_AND_ASSIGN(const BudgetOutcome outcome, FundFromBudget(policy, budget, asks));
    ASSERT_EQ(outcome.funded, std::min(budget, outcome.asked));
    short_of += outcome.asked > budget;
    draw.Shuffle(&asks);
    ASSERT_OK_AND_ASSIGN(const BudgetOutcome again, FundFromBudget(policy, budget, asks));
    ASSERT_EQ(again.grants, outcome.grants);
    for (const BudgetGrant& grant : outcome.grants) {
      ASSERT_LE(grant.share, grant.asked);
      ASSERT_EQ(grant.overrun(), 0);
      if (policy != BudgetPolicy::kProRata) continue;
      const Rational off = Rational::FromInt(grant.share) - Rational::FromInt(grant.asked) * outcome.factor;
      ASSERT_LT(off.negative() ? -off : off, Rational::FromInt(1));
    }

    // Issued; then others come, late and of any day.
    std::map<std::string, int64_t> issued;
    for (const BudgetGrant& grant : outcome.grants) issued[grant.partner] = grant.funded;
    for (BudgetAsk& one : asks) one.issued = issued[one.partner];
    asks.push_back(ask("late"));
    ASSERT_OK_AND_ASSIGN(const BudgetOutcome later, FundFromBudget(policy, budget, asks));
    int64_t funded = 0, overrun = 0;
    for (const BudgetGrant& grant : later.grants) {
      ASSERT_GE(grant.funded, issued[grant.partner]) << grant.partner;
      ASSERT_GE(grant.funded, grant.share);
      ASSERT_LE(grant.funded, grant.asked);
      funded += grant.funded;
      overrun += grant.overrun();
    }
    ASSERT_EQ(funded, later.funded);
    ASSERT_EQ(overrun, std::max<int64_t>(0, later.funded - budget));
    overruns += overrun > 0;
  }
  EXPECT_GT(overruns, 300);
  EXPECT_GT(short_of, 300);
}

// A return on the day of its sale leaves the events of the rest as they are without both.
TEST(BudgetPropertyTest, AReturnOfTheSaleLeavesNoTraceAmongEvents) {
  for (uint64_t seed = 1; seed <= 1000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    Draw draw(seed);
    std::map<Date, Rational> lasting, told;
    for (int64_t i = draw.Pick(1, 6); i > 0; --i) {
      const Date day = NthDay(draw.Pick(0, 9));
      const Rational weight(draw.Pick(1, 500), 3);
      lasting[day] = lasting[day] + weight;
      told[day] = told[day] + weight;
      // Sold and returned.
      told.try_emplace(NthDay(draw.Pick(0, 9)));
    }
    const int64_t value = draw.Pick(0, 100000);
    ASSERT_EQ(EventsOf(value, told), EventsOf(value, lasting));
  }
}

TEST(GroupSharePropertyTest, NothingIsLostOnTheWayUpOrDown) {
  for (uint64_t seed = 1; seed <= 1000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    Draw draw(seed);
    std::vector<GroupLink> links;
    for (int i = 1; i < 6; ++i) {  // each earns with an earlier one, so there is no circle
      const Date from = NthDay(draw.Pick(0, 20));
      links.push_back({draw.Pick(0, 3) == 0 ? GroupRelation::kSuccessor : GroupRelation::kEarnsWith,
                       StrCat("p", i),
                       StrCat("p", draw.Pick(0, i - 1)),
                       {from, from.AddDays(static_cast<int>(draw.Pick(1, 20)))}});
    }
    std::vector<GroupLink> shuffled = links;
    draw.Shuffle(&shuffled);
    std::map<std::string, std::map<std::string, MemberVolume>> earners;  // each with its members
    for (int i = 0; i < 20; ++i) {
      const std::string partner = StrCat("p", draw.Pick(0, 5));
      const Date day = NthDay(draw.Pick(0, 40));
      ASSERT_OK_AND_ASSIGN(const std::string earner, EarnerOf(links, partner, day));
      EXPECT_THAT(EarnerOf(shuffled, partner, day), IsOkAndHolds(earner));
      // Who earns for others earns for itself.
      EXPECT_THAT(EarnerOf(links, earner, day), IsOkAndHolds(earner));
      MemberVolume& member = earners[earner][partner];
      member.partner = partner;
      member.volume += Micros(draw.Pick(-50, 900));
    }
    for (const auto& earner : earners) {
      std::vector<MemberVolume> members;
      for (const auto& one : earner.second) members.push_back(one.second);
      const int64_t total = draw.Pick(-10000, 10000);
      const std::vector<MemberShare> shares = ShareGroupRebate(total, members);
      draw.Shuffle(&members);
      ASSERT_EQ(ShareGroupRebate(total, members), shares);
      int64_t shared = 0;
      bool any = false;
      for (const MemberVolume& one : members) any = any || Decimal() < one.volume;
      for (const MemberShare& one : shares) shared += one.share;
      ASSERT_EQ(shared, any ? total : 0);
    }
  }
}

TEST(UnitFundingPropertyTest, NoClassIsPaidForMoreUnitsThanThereAre) {
  const std::vector<ExclusiveClass> classes = {{"a", "b"}, {"b", "c"}};
  int refused = 0;
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    Draw draw(seed);
    const std::map<std::string, Decimal> sold = {{"s", D("1")}, {"l", Micros(draw.Pick(1, 50))}};
    std::vector<UnitClaim> claims;
    for (int64_t i = draw.Pick(1, 12); i > 0; --i) {
      claims.push_back({StrCat("f", i), std::string(1, static_cast<char>('a' + draw.Pick(0, 3))),
                        draw.Pick(0, 2) == 0 ? "s" : "l", Micros(draw.Pick(1, 30))});
      if (claims.back().units == "s") claims.back().quantity = D("1");
    }
    claims = draw.Told(claims);
    const std::vector<FundedUnits> at_once = FundUnits(classes, sold, {}, claims);
    std::map<std::pair<std::string, std::string>, Decimal> paid;
    std::set<std::string> seen;
    std::vector<UnitClaim> decided;
    for (size_t i = 0; i < claims.size(); ++i) {
      // One by one, each after what was decided before.
      const std::vector<FundedUnits> one = FundUnits(classes, sold, decided, {claims[i]});
      ASSERT_EQ(one[0].funded, at_once[i].funded);
      if (!seen.insert(claims[i].fact).second) continue;
      ASSERT_EQ(one[0].funded + one[0].unknown + one[0].already_funded, claims[i].quantity);
      UnitClaim now = claims[i];
      now.quantity = one[0].funded;
      decided.push_back(now);
      paid[{now.units, now.incentive}] += now.quantity;
      refused += !one[0].already_funded.zero();
    }
    for (const auto& [units, quantity] : sold) {
      ASSERT_LE((paid[{units, "a"}] + paid[{units, "b"}]), quantity);
      ASSERT_LE((paid[{units, "b"}] + paid[{units, "c"}]), quantity);
      ASSERT_LE((paid[{units, "d"}]), quantity);
    }
  }
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace tributary::incentive
