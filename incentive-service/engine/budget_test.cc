#include "incentive-service/engine/budget.h"

#include "incentive-service/engine/testing_numbers.h"

namespace tributary::incentive {
namespace {

constexpr auto kProRata = BudgetPolicy::kProRata;
constexpr auto kByEvent = BudgetPolicy::kByEvent;

// "A 343949, B 196051; left 0, overrun 0".
std::string TextOf(const BudgetOutcome& outcome) {
  std::string text;
  for (const BudgetedValue& one : outcome.values) {
    StrAppend(&text, text.empty() ? "" : ", ", one.fact, " ", one.funded);
  }
  return StrCat(text, "; left ", outcome.left, ", overrun ", outcome.overrun);
}

TEST(BudgetTest, PaysWhatThereIs) {
  const struct {
    BudgetPolicy policy;
    int64_t budget;
    std::vector<BudgetValue> values;
    const char* outcome;
  } kCases[] = {
      // The figures of scenario S2: 3,600 + 2,052 against 5,400.
      {kProRata,
       540000,
       {{"A", On("06-30"), Q("3600")}, {"B", On("06-30"), Q("2052")}},
       "A 343949, B 196051; left 0, overrun 0"},
      {kByEvent,
       540000,
       {{"A", On("06-30"), Q("3600")}, {"B", On("06-30"), Q("2052")}},
       "A 360000, B 180000; left 0, overrun 0"},
      {kByEvent,
       540000,
       {{"A", On("06-30"), Q("3600")}, {"B", On("06-29"), Q("2052")}},
       "B 205200, A 334800; left 0, overrun 0"},
      {kProRata,
       565200,
       {{"A", On("06-30"), Q("3600")}, {"B", On("06-30"), Q("2052")}},
       "A 360000, B 205200; left 0, overrun 0"},
      {kByEvent,
       600000,
       {{"A", On("06-30"), Q("3600")}, {"B", On("06-30"), Q("2052")}},
       "A 360000, B 205200; left 34800, overrun 0"},
      // A cent that nobody has more right to goes to the earlier one.
      {kProRata,
       100,
       {{"A", On("06-03"), Q("5")}, {"B", On("06-02"), Q("5")}, {"C", On("06-01"), Q("5")}},
       "C 34, B 33, A 33; left 0, overrun 0"},
      {kProRata, 0, {{"A", On("06-03"), Q("5")}}, "A 0; left 0, overrun 0"},
      {kByEvent, 0, {}, "; left 0, overrun 0"},
      // A was told late and comes first: what B was paid stays.
      {kByEvent, 500, {{"B", On("06-02"), Q("5"), 500}}, "B 500; left 0, overrun 0"},
      {kByEvent,
       500,
       {{"B", On("06-02"), Q("5"), 500}, {"A", On("06-01"), Q("3")}},
       "A 300, B 500; left 0, overrun 300"},
      {kProRata,
       600,
       {{"B", On("06-02"), Q("6"), 600}, {"A", On("06-01"), Q("6")}},
       "A 300, B 600; left 0, overrun 300"},
      // What B is owed has itself become less: that much comes back.
      {kByEvent, 500, {{"B", On("06-02"), Q("2"), 500}, {"A", On("06-01"), Q("3")}}, "A 300, B 200; left 0, overrun 0"},
      // Told twice.
      {kByEvent, 500, {{"A", On("06-01"), Q("3")}, {"A", On("06-01"), Q("3")}}, "A 300; left 200, overrun 0"},
  };
  for (const auto& c : kCases) {
    ASSERT_OK_AND_ASSIGN(const BudgetOutcome outcome,
                         FundFromBudget(c.policy, c.budget, "CNY", Rounding::kHalfEven, c.values));
    EXPECT_EQ(TextOf(outcome), c.outcome);
  }
}

TEST(BudgetTest, RefusesWhatDoesNotFit) {
  const BudgetValue most{"A", On("06-01"), Q("90000000000000000")};
  BudgetValue more = most;
  more.fact = "B";
  EXPECT_THAT(FundFromBudget(kByEvent, 1, "CNY", Rounding::kHalfEven, {most, more}), HasReason(Reason::kOverflow));
  EXPECT_THAT(FundFromBudget(kByEvent, 1, "XXQ", Rounding::kHalfEven, {most}), Blames("currency_code"));
}

}  // namespace
}  // namespace tributary::incentive
