#include "incentive-service/engine/kinds/free_goods.h"

#include "common/status/status_matchers.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

std::vector<std::string> Blamed(const std::vector<FieldViolation>& violations) {
  std::vector<std::string> blamed;
  for (const FieldViolation& violation : violations) blamed.push_back(violation.field);
  return blamed;
}

TEST(FreeGoodsTest, CountsWholeSteps) {
  const struct {
    bool inclusive;
    const char* before;
    const char* more;
    const char* free;     // that come with the units
    const char* charged;  // of all units
  } kCases[] = {
      {false, "0", "90", "0", "90"},    {false, "90", "10", "2", "100"},  {false, "0", "299.999999", "4", "299.999999"},
      {false, "100", "-1", "-2", "99"}, {false, "0", "-5", "0", "-5"},    {true, "0", "100", "2", "98"},
      {true, "100", "150", "2", "246"}, {false, "250", "50", "2", "300"},
  };
  for (const auto& c : kCases) {
    const FreeGoods terms{D("100"), D("2"), c.inclusive};
    EXPECT_EQ(FreeUnitsFor(terms, D(c.before), D(c.more)).ToString(), c.free) << c.before << " + " << c.more;
    EXPECT_EQ(ChargedUnits(terms, D(c.before) + D(c.more)).ToString(), c.charged) << c.before << " + " << c.more;
  }
}

TEST(FreeGoodsTest, RefusesTermsThatGiveNothingOrAll) {
  const struct {
    FreeGoods terms;
    std::vector<std::string> blamed;
  } kCases[] = {
      {{D("100"), D("2"), false}, {}},          {{D("1"), D("1"), false}, {}},
      {{D("0"), D("2"), false}, {"f.per"}},     {{D("100"), D("0"), false}, {"f.free"}},
      {{D("100"), D("100"), true}, {"f.free"}},
  };
  for (const auto& c : kCases) EXPECT_EQ(Blamed(CheckFreeGoods(c.terms, "f")), c.blamed);
}

}  // namespace
}  // namespace tributary::incentive
