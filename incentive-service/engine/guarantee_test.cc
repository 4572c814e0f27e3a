#include "incentive-service/engine/guarantee.h"

#include "incentive-service/engine/testing_numbers.h"

namespace tributary::incentive {
namespace {

// "0+2000 3000+0": top-up (less what is recouped) and carry of each period.
std::string TextOf(const std::vector<GuaranteeResult>& results) {
  std::string text;
  for (const GuaranteeResult& one : results) {
    StrAppend(&text, text.empty() ? "" : " ", one.top_up);
    if (one.recouped != 0) StrAppend(&text, "-", one.recouped);
    StrAppend(&text, "+", one.carry);
  }
  return text;
}

std::string Pays(const std::vector<GuaranteeResult>& results) {
  std::vector<int64_t> pays;
  for (const GuaranteeResult& one : results) pays.push_back(one.pay);
  return StrJoin(pays, " ");
}

std::vector<GuaranteePeriod> Periods(const std::vector<int64_t>& earned, const std::vector<int64_t>& paid = {}) {
  std::vector<GuaranteePeriod> periods;
  for (size_t i = 0; i < earned.size(); ++i) {
    periods.push_back({StrCat("2026Q", i + 1), earned[i], i < paid.size() ? paid[i] : 0});
  }
  return periods;
}

TEST(GuaranteeTest, TopsUpAndCarries) {
  const struct {
    bool cumulative;
    bool recoupable;
    std::vector<int64_t> earned;
    const char* outcome;
  } kCases[] = {
      // A guarantee of 10,000 a quarter.
      {true, false, {12000, 5000}, "0+2000 3000+0"},
      {false, false, {12000, 5000}, "0+0 5000+0"},
      {true, false, {12000, 5000, 4000}, "0+2000 3000+0 6000+0"},
      {true, false, {11000, 5000, 4000}, "0+1000 4000+0 6000+0"},
      {true, false, {12000, 9000, 4000}, "0+2000 0+1000 5000+0"},
      {true, false, {10000, 0}, "0+0 10000+0"},
      // Later surpluses pay a recoupable one back, before they are carried.
      {true, true, {4000, 13000, 15000, 1000}, "6000+0 0-3000+0 0-3000+2000 7000+0"},
      {false, true, {4000, 13000, 15000, 1000}, "6000+0 0-3000+0 0-3000+0 9000+0"},
      {true, false, {4000, 13000, 15000, 1000}, "6000+0 0+3000 0+8000 1000+0"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(TextOf(ApplyGuarantee({10000, c.cumulative, c.recoupable}, Periods(c.earned))), c.outcome)
        << StrJoin(c.earned, ", ");
  }
}

TEST(GuaranteeTest, ACorrectionPaysTheDifference) {
  const struct {
    bool recoupable;
    std::vector<int64_t> earned;  // as corrected
    std::vector<int64_t> paid;
    const char* outcome;
  } kCases[] = {
      // The first quarter is corrected from 12,000 to 11,000: what it earned goes down by 1,000 (that is its program's
      // true-up), the second quarter's top-up goes up by as much.
      {false, {11000, 5000}, {0, 3000}, "0 1000"},
      {true, {11000, 5000}, {0, 3000}, "0 1000"},
      // Corrected upwards: what was paid is taken back only where that was agreed.
      {false, {13000, 5000}, {0, 3000}, "0 0"},
      {true, {13000, 5000}, {0, 3000}, "0 -1000"},
      {true, {4000, 13000}, {6000}, "0 -3000"},
      {true, {4000, 13000}, {6000, -3000}, "0 0"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Pays(ApplyGuarantee({10000, true, c.recoupable}, Periods(c.earned, c.paid))), c.outcome)
        << StrJoin(c.earned, ", ");
  }
}

}  // namespace
}  // namespace tributary::incentive
