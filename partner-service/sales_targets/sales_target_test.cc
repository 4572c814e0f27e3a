#include "partner-service/sales_targets/sales_target.h"

#include <random>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "partner-service/sales_targets/attainment.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Decimal Dec(std::string_view text) { return *Decimal::Parse(text); }

FiscalCalendar Year() {
  FiscalCalendar calendar{.id = "main", .time_zone = "UTC"};
  calendar.periods = *LayOut({LayoutPattern::kCalendarMonths, Day("2026-01-01"), 2026, 1, {}});
  Sort(calendar);
  return calendar;
}

SalesTarget Target(std::string id, std::string_view figure, std::string currency = "CNY") {
  return Begin({.partner_id = "p-1",
                .id = std::move(id),
                .basis = TargetBasis::kSellIn,
                .calendar_id = "main",
                .period = "2026",
                .days = {Day("2026-01-01"), Day("2027-01-01")},
                .currency = std::move(currency),
                .figure = Dec(figure)},
               "manager", kNow);
}

std::vector<std::string> Texts(const std::vector<Decimal>& figures) {
  std::vector<std::string> texts;
  for (const Decimal figure : figures) texts.push_back(figure.ToString());
  return texts;
}

std::vector<PartWanted> Quarters() {
  std::vector<PartWanted> wanted;
  for (const char* quarter : {"2026Q1", "2026Q2", "2026Q3", "2026Q4"}) {
    wanted.push_back(
        {.partner_id = "p-1", .id = std::string("q-") + quarter[5], .weight = Dec("1"), .period = quarter});
  }
  return wanted;
}

TEST(SalesTargetTest, SharesSumToTheWhole) {
  const struct {
    const char* total;
    const char* currency;
    std::vector<Decimal> weights;
    std::vector<std::string> shares;
  } kCases[] = {
      {"100", "CNY", {Dec("1"), Dec("1"), Dec("1")}, {"33.34", "33.33", "33.33"}},
      {"100", "JPY", {Dec("1"), Dec("1"), Dec("1")}, {"34", "33", "33"}},
      {"100", "KWD", {Dec("1"), Dec("1"), Dec("1")}, {"33.334", "33.333", "33.333"}},
      {"100", "", {Dec("1"), Dec("1"), Dec("1")}, {"34", "33", "33"}},
      {"0.5", "", {Dec("1"), Dec("2")}, {"0.166667", "0.333333"}},
      {"10.005", "CNY", {Dec("1"), Dec("1")}, {"5.0025", "5.0025"}},
      {"100", "CNY", {Dec("0"), Dec("0.5"), Dec("1.5")}, {"0", "25", "75"}},
      {"0", "CNY", {Dec("1"), Dec("2")}, {"0", "0"}},
      {"1000000000000", "CNY", {Dec("1")}, {"1000000000000"}},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Texts(Share(Dec(c.total), c.currency, c.weights)), c.shares) << c.total << " " << c.currency;
  }
}

TEST(SalesTargetTest, ACascadeSumsExactly) {
  const SalesTarget whole = Target("year", "1000000.01");
  const auto parts = Cascade(whole, false, Quarters(), Year(), "manager", kNow);
  ASSERT_OK(parts);
  ASSERT_THAT(*parts, SizeIs(4));
  Decimal sum;
  for (const SalesTarget& part : *parts) sum += part.figure;
  EXPECT_EQ(sum, whole.figure);
  EXPECT_EQ(parts->at(0).figure, Dec("250000.01"));
  EXPECT_EQ(parts->at(1).figure, Dec("250000"));
  EXPECT_EQ(parts->at(1).parent, "partners/p-1/targets/year");
  EXPECT_EQ(parts->at(1).days, (DateRange{Day("2026-04-01"), Day("2026-07-01")}));
  EXPECT_EQ(parts->at(1).basis, TargetBasis::kSellIn);
  EXPECT_THAT(parts->at(1).revisions, SizeIs(1));
}

TEST(SalesTargetTest, ACascadeThatCannotBeIsRefused) {
  SalesTarget whole = Target("year", "100");
  whole.product_lines = {"productLines/a", "productLines/b"};
  const auto blames = [&](auto edit, const char* field) {
    std::vector<PartWanted> wanted = Quarters();
    edit(wanted);
    EXPECT_THAT(Cascade(whole, false, wanted, Year(), "m", kNow), Blames(field));
  };
  EXPECT_THAT(Cascade(whole, true, {}, Year(), "m", kNow), HasReason(Reason::kStateConflict));
  blames([](auto& w) { w[1].id = w[0].id; }, "parts[1].target_id");
  blames([](auto& w) { w[1].id = "year"; }, "parts[1].target_id");
  blames([](auto& w) { w[2].period = "2027Q1"; }, "parts[2].period");
  blames([](auto& w) { w[2].product_lines = {"productLines/c"}; }, "parts[2].product_lines");
  blames([](auto& w) { w[2].product_lines = {"lines/a"}; }, "parts[2].product_lines[0]");
  blames([](auto& w) { w[2].products = {"products/x"}; }, "parts[2].products");
  blames(
      [](auto& w) {
        for (auto& one : w) one.weight = Decimal();
      },
      "parts[0].weight");
  SalesTarget quarter = whole;
  quarter.period = "2026Q1";
  quarter.days = {Day("2026-01-01"), Day("2026-04-01")};
  EXPECT_THAT(Cascade(quarter, false, Quarters(), Year(), "m", kNow), Blames("parts[1].period"));
  std::vector<PartWanted> narrower = {
      {.partner_id = "p-1", .id = "a", .weight = Dec("1"), .product_lines = {"productLines/a"}},
      {.partner_id = "p-2", .id = "all", .weight = Dec("1")}};
  ASSERT_OK_AND_ASSIGN(const auto parts, Cascade(whole, false, narrower, Year(), "m", kNow));
  EXPECT_THAT(parts[0].product_lines, ElementsAre("productLines/a"));
  EXPECT_EQ(parts[1].product_lines, whole.product_lines);
}

class AdjustTest : public ::testing::Test {
 protected:
  AdjustTest() {
    Put(Target("year", "1000"));
    Divide("year", Quarters());
    Divide("q1", {{.partner_id = "p-1", .id = "own", .weight = Dec("2")},
                  {.partner_id = "p-2", .id = "dealer", .weight = Dec("1")}});
  }
  void Divide(const std::string& id, const std::vector<PartWanted>& wanted) {
    const auto parts = Cascade(At(id), false, wanted, Year(), "m", kNow);
    ASSERT_OK(parts);
    for (const SalesTarget& part : *parts) Put(part);
  }
  void Put(const SalesTarget& target) { tree_.insert_or_assign(target.name(), target); }
  const SalesTarget& At(const std::string& id, const std::string& partner = "p-1") {
    return tree_.at("partners/" + partner + "/targets/" + id);
  }
  static std::vector<PartWanted> Quarters() {
    std::vector<PartWanted> wanted = partner::Quarters();
    const char* ids[] = {"q1", "q2", "q3", "q4"};
    for (size_t i = 0; i < wanted.size(); ++i) wanted[i].id = ids[i];
    return wanted;
  }
  absl::Status Do(const std::string& id, std::string_view figure, std::string counterpart = "") {
    if (!counterpart.empty()) counterpart = "partners/p-1/targets/" + counterpart;
    const auto changed = Adjust(tree_,
                                {.name = "partners/p-1/targets/" + id,
                                 .figure = Dec(figure),
                                 .counterpart = std::move(counterpart),
                                 .reason = "because",
                                 .principal = "boss"},
                                kNow + absl::Seconds(1));
    if (!changed.ok()) return changed.status();
    for (const SalesTarget& target : *changed) {
      EXPECT_EQ(target.revision.version, tree_.at(target.name()).revision.version + 1) << target.name();
      Put(target);
    }
    ExpectSums();
    return absl::OkStatus();
  }
  void ExpectSums() {
    for (const auto& [name, whole] : tree_) {
      Decimal sum;
      int parts = 0;
      for (const auto& [part_name, part] : tree_) {
        if (part.parent != name) continue;
        sum += part.figure;
        ++parts;
      }
      if (parts > 0) {
        EXPECT_EQ(sum, whole.figure) << name;
      }
    }
  }
  TargetTree tree_;
};

TEST_F(AdjustTest, AWholeMovesItsPartsByTheirWeights) {
  ASSERT_OK(Do("year", "1001.01"));
  EXPECT_EQ(At("q1").figure, Dec("250.26"));
  EXPECT_EQ(At("q2").figure, Dec("250.25"));
  EXPECT_EQ(At("own").figure, Dec("166.84"));
  EXPECT_EQ(At("dealer", "p-2").figure, Dec("83.42"));
  ASSERT_THAT(At("own").revisions, SizeIs(2));
  EXPECT_EQ(At("own").revisions[1].number, 2);
  EXPECT_EQ(At("own").revisions[1].reason, "because");
  EXPECT_EQ(At("own").revisions[1].principal, "boss");
  EXPECT_EQ(At("own").revisions[0].figure, Dec("166.67"));
  // Back again, whatever was in between: the weights are kept.
  ASSERT_OK(Do("year", "0"));
  ASSERT_OK(Do("year", "1000"));
  EXPECT_EQ(At("q1").figure, Dec("250"));
  EXPECT_EQ(At("own").figure, Dec("166.67"));
  EXPECT_THAT(At("own").revisions, SizeIs(4));
}

TEST_F(AdjustTest, APartMovesAgainstAnother) {
  EXPECT_THAT(Do("q2", "300"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Do("q2", "300", "q2"), Blames("counterpart"));
  EXPECT_THAT(Do("q2", "300", "own"), Blames("counterpart"));
  EXPECT_THAT(Do("q2", "300", "none"), Blames("counterpart"));
  EXPECT_THAT(Do("q2", "500.01", "q1"), Blames("counterpart"));
  EXPECT_THAT(Do("year", "1", "q2"), Blames("counterpart"));
  ASSERT_OK(Do("q2", "300", "q1"));
  EXPECT_EQ(At("q1").figure, Dec("200"));
  EXPECT_EQ(At("own").figure, Dec("133.33"));
  EXPECT_EQ(At("year").figure, Dec("1000"));
  EXPECT_THAT(At("year").revisions, SizeIs(1));
  // The whole is shared as it lies now.
  ASSERT_OK(Do("year", "2000"));
  EXPECT_EQ(At("q1").figure, Dec("400"));
  EXPECT_EQ(At("q2").figure, Dec("600"));
  EXPECT_EQ(At("q3").figure, Dec("500"));
}

TEST_F(AdjustTest, SumsHoldWhateverIsDone) {
  std::mt19937 random(7);
  const std::vector<std::string> ids = {"year", "q1", "q2", "q3", "q4"};
  int done = 0;
  for (int i = 0; i < 500; ++i) {
    const std::string& id = ids[random() % ids.size()];
    const std::string counterpart = id == "year" ? "" : ids[1 + random() % 4];
    const Decimal figure = Decimal::FromMicros(absl::int128(random() % 100000000) * 10000);
    done += Do(id, figure.ToString(), counterpart).ok();
  }
  EXPECT_GT(done, 100);
}

TEST(AttainmentTest, IsReachedOpenOrMissed) {
  const struct {
    const char* reached;
    const char* today;
    TargetOutcome outcome;
    const char* remaining;
    const char* percent;
  } kCases[] = {
      {"0", "2025-12-31", TargetOutcome::kAhead, "1000", "0"},
      {"999.99", "2026-01-01", TargetOutcome::kOpen, "0.01", "99.99"},
      {"999.999999", "2026-12-31", TargetOutcome::kOpen, "0.000001", "99.99"},
      {"999.99", "2027-01-01", TargetOutcome::kMissed, "0.01", "99.99"},
      {"1000", "2025-12-31", TargetOutcome::kMet, "0", "100"},
      {"1234.56", "2030-01-01", TargetOutcome::kMet, "0", "123.45"},
      {"-10", "2026-06-01", TargetOutcome::kOpen, "1010", "-1"},
  };
  for (const auto& c : kCases) {
    const Attainment a = Evaluate(Target("t", "1000"), {{"CNY", Dec(c.reached), Dec("5"), 3}}, Day(c.today));
    EXPECT_EQ(a.reached, Dec(c.reached));
    EXPECT_EQ(a.outcome, c.outcome) << c.reached << " " << c.today;
    EXPECT_EQ(a.remaining, Dec(c.remaining));
    EXPECT_EQ(a.percent->ToString(), c.percent);
    EXPECT_EQ(a.facts, 3);
  }
}

TEST(AttainmentTest, OtherCurrenciesDoNotCountForMoneyAndDoForUnits) {
  const std::vector<SalesTotal> totals = {
      {"", Decimal(), Dec("3"), 1}, {"CNY", Dec("400"), Dec("4"), 2}, {"USD", Dec("90"), Dec("5"), 1}};
  const Attainment money = Evaluate(Target("t", "1000"), totals, Day("2026-06-01"));
  EXPECT_EQ(money.reached, Dec("400"));
  EXPECT_EQ(money.facts, 2);
  ASSERT_THAT(money.unpriced, SizeIs(2));
  EXPECT_EQ(money.unpriced[1].currency, "USD");
  const Attainment units = Evaluate(Target("t", "24", ""), totals, Day("2026-06-01"));
  EXPECT_EQ(units.reached, Dec("12"));
  EXPECT_EQ(units.percent->ToString(), "50");
  EXPECT_EQ(units.facts, 4);
  EXPECT_THAT(units.unpriced, IsEmpty());
  const Attainment nothing = Evaluate(Target("t", "0"), {}, Day("2026-06-01"));
  EXPECT_EQ(nothing.outcome, TargetOutcome::kMet);
  EXPECT_FALSE(nothing.percent.has_value());
}

}  // namespace
}  // namespace tributary::partner
