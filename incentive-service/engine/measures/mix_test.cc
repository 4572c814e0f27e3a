#include "incentive-service/engine/measures/mix.h"

#include "common/status/status_matchers.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

TEST(MixTest, ComparesSharesExactly) {
  const struct {
    const char* set;
    const char* all;
    const char* share;
    bool met;
  } kCases[] = {
      {"30", "100", "0.3", true},   {"29.999999", "100", "0.3", false},
      {"1", "3", "0.333333", true}, {"1", "3", "0.333334", false},
      {"0", "100", "0", true},      {"0", "0", "0", false},
      {"5", "-10", "0", false},     {"-1", "10", "0", false},
      {"10", "10", "1", true},      {"99999999999999", "99999999999999.000001", "1", false},
  };
  for (const auto& c : kCases) EXPECT_EQ(MeetsShare(D(c.set), D(c.all), D(c.share)), c.met) << c.set << " of " << c.all;
}

}  // namespace
}  // namespace tributary::incentive
