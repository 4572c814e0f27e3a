#include "incentive-service/engine/budget.h"

#include "incentive-service/engine/testing_numbers.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kProRata = BudgetPolicy::kProRata;
constexpr auto kByEvent = BudgetPolicy::kByEvent;

// Of one event.
BudgetAsk Ask(std::string partner, std::string_view day, int64_t asked, int64_t issued = 0) {
  return {.partner = std::move(partner), .asked = asked, .issued = issued, .events = {{On(day), asked}}};
}

// "A 343949, B 196051; of 565200, factor 150/157, overrun 0".
std::string TextOf(const BudgetOutcome& outcome) {
  std::string text;
  int64_t overrun = 0;
  for (const BudgetGrant& grant : outcome.grants) {
    StrAppend(&text, text.empty() ? "" : ", ", grant.partner, " ", grant.funded);
    overrun += grant.overrun();
  }
  StrAppend(&text, "; of ", outcome.asked);
  if (outcome.factor != Rational::FromInt(1)) StrAppend(&text, ", factor ", outcome.factor.ToString());
  if (outcome.used_up_on.has_value()) StrAppend(&text, ", used up on ", outcome.used_up_on->ToString());
  return StrCat(text, ", overrun ", overrun);
}

TEST(BudgetTest, PaysWhatThereIs) {
  const struct {
    BudgetPolicy policy;
    int64_t budget;
    std::vector<BudgetAsk> asks;
    const char* outcome;
  } kCases[] = {
      // The figures of scenario S2: 3,600 + 2,052 against 5,400.
      {kProRata,
       540000,
       {Ask("A", "06-30", 360000), Ask("B", "06-30", 205200)},
       "A 343949, B 196051; of 565200, factor 150/157, overrun 0"},
      {kByEvent,
       540000,
       {Ask("A", "06-30", 360000), Ask("B", "06-30", 205200)},
       "A 360000, B 180000; of 565200, used up on 2026-06-30, overrun 0"},
      {kByEvent,
       540000,
       {Ask("A", "06-30", 360000), Ask("B", "06-29", 205200)},
       "A 334800, B 205200; of 565200, used up on 2026-06-30, overrun 0"},
      // It suffices, to the cent.
      {kProRata,
       565200,
       {Ask("A", "06-30", 360000), Ask("B", "06-30", 205200)},
       "A 360000, B 205200; of 565200, overrun 0"},
      {kByEvent,
       600000,
       {Ask("A", "06-30", 360000), Ask("B", "06-30", 205200)},
       "A 360000, B 205200; of 565200, overrun 0"},
      // A cent that nobody has more right to goes to the smaller name.
      {kProRata,
       100,
       {Ask("C", "06-01", 500), Ask("B", "06-02", 500), Ask("A", "06-03", 500)},
       "A 34, B 33, C 33; of 1500, factor 1/15, overrun 0"},
      {kProRata, 0, {Ask("A", "06-03", 500)}, "A 0; of 500, factor 0, overrun 0"},
      {kByEvent, 0, {Ask("A", "06-03", 500)}, "A 0; of 500, used up on 2026-06-03, overrun 0"},
      {kByEvent, 0, {}, "; of 0, overrun 0"},
      // A was told late and comes first: what B was paid stays.
      {kByEvent, 500, {Ask("B", "06-02", 500, 500)}, "B 500; of 500, overrun 0"},
      {kByEvent,
       500,
       {Ask("B", "06-02", 500, 500), Ask("A", "06-01", 300)},
       "A 300, B 500; of 800, used up on 2026-06-02, overrun 300"},
      {kProRata,
       600,
       {Ask("B", "06-02", 600, 600), Ask("A", "06-01", 600)},
       "A 300, B 600; of 1200, factor 1/2, overrun 300"},
      // What B is owed has itself become less: that much comes back.
      {kByEvent, 500, {Ask("B", "06-02", 200, 500), Ask("A", "06-01", 300)}, "A 300, B 200; of 500, overrun 0"},
      // Of one day by names as facts have them: "partners/p-1/..." before "partners/p/...".
      {kByEvent,
       500,
       {Ask("p", "06-01", 500), Ask("p-1", "06-01", 400)},
       "p 100, p-1 400; of 900, used up on 2026-06-01, overrun 0"},
  };
  for (const auto& c : kCases) {
    ASSERT_OK_AND_ASSIGN(const BudgetOutcome outcome, FundFromBudget(c.policy, c.budget, c.asks));
    EXPECT_EQ(TextOf(outcome), c.outcome);
  }
}

TEST(BudgetTest, AValueIsAskedForDayByDay) {
  const auto days = [](std::initializer_list<std::pair<const char*, const char*>> weights) {
    std::map<Date, Rational> by_day;
    for (const auto& [day, weight] : weights) by_day[On(day)] = Q(weight);
    return by_day;
  };
  // 100 over 1 : 1 : 1; what is cut off up to a day comes with the next.
  EXPECT_THAT(EventsOf(100, days({{"06-01", "1"}, {"06-02", "1"}, {"06-03", "1"}})),
              ElementsAre(BudgetEvent{On("06-01"), 33}, BudgetEvent{On("06-02"), 33}, BudgetEvent{On("06-03"), 34}));
  // A return is taken of the days before it, the last first: 5 are left of the 30.
  EXPECT_THAT(EventsOf(350, days({{"06-01", "10"}, {"06-02", "20"}, {"06-03", "30"}, {"06-04", "-25"}})),
              ElementsAre(BudgetEvent{On("06-01"), 100}, BudgetEvent{On("06-02"), 200}, BudgetEvent{On("06-03"), 50}));
  EXPECT_THAT(EventsOf(50, days({{"06-01", "10"}, {"06-02", "20"}, {"06-03", "30"}, {"06-04", "-55"}})),
              ElementsAre(BudgetEvent{On("06-01"), 50}));
  // Where there is nothing before, it is taken of what comes behind.
  EXPECT_THAT(EventsOf(10, days({{"06-01", "-5"}, {"06-02", "4"}, {"06-03", "2"}})),
              ElementsAre(BudgetEvent{On("06-03"), 10}));
  // An amount once, of lines that come to nothing.
  EXPECT_THAT(EventsOf(10, days({{"06-01", "5"}, {"06-02", "-5"}})), ElementsAre(BudgetEvent{On("06-02"), 10}));
  EXPECT_THAT(EventsOf(0, days({{"06-01", "5"}})), IsEmpty());
}

TEST(BudgetTest, RefusesWhatDoesNotFit) {
  EXPECT_THAT(FundFromBudget(kByEvent, 1, {Ask("A", "06-01", INT64_MAX), Ask("B", "06-01", 1)}),
              HasReason(Reason::kOverflow));
}

}  // namespace
}  // namespace tributary::incentive
