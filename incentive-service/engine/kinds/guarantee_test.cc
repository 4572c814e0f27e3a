#include "incentive-service/engine/kinds/guarantee.h"

#include "common/status/status_matchers.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

std::string Text(const std::vector<GuaranteedPeriod>& periods) {
  std::string text;
  for (const GuaranteedPeriod& period : periods) {
    StrAppend(&text, text.empty() ? "" : ", ", period.top_up.ToString());
    if (period.recouped > Decimal()) StrAppend(&text, " -", period.recouped.ToString());
  }
  return text;
}

TEST(GuaranteeTest, TopsUpWhatIsMissing) {
  const struct {
    const char* what;
    bool cumulative;
    bool recoupable;
    std::vector<Decimal> earned;
    const char* top_ups;  // "- what was recouped" behind
  } kCases[] = {
      {"carried over", true, false, {D("12000"), D("5000"), D("4000")}, "0, 3000, 6000"},
      {"each by itself", false, false, {D("12000"), D("5000"), D("4000")}, "0, 5000, 6000"},
      {"the first is corrected", true, false, {D("11000"), D("5000"), D("4000")}, "0, 4000, 6000"},
      {"just enough", true, false, {D("10000"), D("10000")}, "0, 0"},
      {"a surplus lasts", true, false, {D("25000"), D("1000"), D("1000")}, "0, 0, 3000"},
      {"less than nothing", true, false, {D("-500")}, "10500"},
      {"nothing is paid back", false, false, {D("5000"), D("30000")}, "5000, 0"},
      {"a surplus pays back first", false, true, {D("5000"), D("12000"), D("30000")}, "5000, 0 -2000, 0 -3000"},
      {"and is carried then", true, true, {D("5000"), D("17000"), D("9000"), D("9000")}, "5000, 0 -5000, 0, 0"},
      {"nothing", true, true, {}, ""},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Text(TopUps({D("10000"), c.cumulative, c.recoupable}, c.earned)), c.top_ups) << c.what;
  }
}

TEST(GuaranteeTest, SaysWhatIsCarriedAndStands) {
  const std::vector<GuaranteedPeriod> periods = TopUps({D("10000"), true, true}, {D("5000"), D("17000"), D("1000")});
  EXPECT_EQ(periods[0].to_be_recouped, D("5000"));
  EXPECT_EQ(periods[1].carry, D("2000"));
  EXPECT_EQ(periods[1].to_be_recouped, D("0"));
  EXPECT_EQ(periods[2].carried, D("2000"));
  EXPECT_EQ(periods[2].top_up, D("7000"));
  EXPECT_EQ(periods[2].to_be_recouped, D("7000"));
}

}  // namespace
}  // namespace tributary::incentive
