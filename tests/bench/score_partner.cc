// The decision what a partner scores, of twenty components by a full scorecard, compared with an earlier one, at the
// 99th percentile: 1,000 a second is a millisecond. The peer works out the same sixty shares in hundredths and adds
// them up, which is the least that an exact score takes.

#include <optional>
#include <string>
#include <vector>

#include "common/text/text.h"
#include "partner-service/evaluations/scoring.h"
#include "tests/bench/bench.h"

namespace tributary::bench {
namespace {

constexpr int kComponents = 20;

partner::ScorecardTemplate Template() {
  partner::ScorecardTemplate scorecard_template{
      .notice_below = Decimal::FromInt(90), .review_below = Decimal::FromInt(60), .block_below = Decimal::FromInt(30)};
  for (int i = 0; i < kComponents; ++i) {
    scorecard_template.components.push_back({.id = StrCat("component-", i),
                                             .weight = 100 / kComponents,
                                             .measure = partner::ScoreMeasure::kAttainment,
                                             .low = Decimal::FromInt(i),
                                             .high = Decimal::FromInt(101 + 7 * i)});
  }
  return scorecard_template;
}

// Three targets a component.
std::vector<std::vector<partner::Reading>> Readings(int shift) {
  std::vector<std::vector<partner::Reading>> readings(kComponents);
  for (int i = 0; i < kComponents; ++i) {
    for (int target = 0; target < 3; ++target) {
      readings[static_cast<size_t>(i)].push_back({.subject = StrCat("partners/p/targets/", i, "-", target),
                                                  .got = Decimal::FromMicros(123456789 * (i + shift) + target),
                                                  .of = Decimal::FromMicros(987654321 + 31 * target)});
    }
  }
  return readings;
}

}  // namespace

void ScorePartner(const Settings& settings) {
  const partner::ScorecardTemplate scorecard_template = Template();
  const partner::PreviousScore previous = partner::PreviousOf(
      "partners/p/evaluations/before", partner::Score(scorecard_template, Readings(1), std::nullopt));
  const std::vector<std::vector<partner::Reading>> readings = Readings(3);
  const partner::Scorecard scored = partner::Score(scorecard_template, readings, previous);
  if (scored.low().zero() || scored.drivers.size() != kComponents) {
    Must(absl::UnknownError("nothing was scored"), "ScorePartner");
  }
  size_t seen = 0;
  Compare(
      {.name = "score_partner",
       .unit = "decisions/s at p99",
       .peer = "the shares of the readings, added up exactly",
       .goal = 0.3},
      settings,
      [&] {
        return SlowRate(settings.round,
                        [&] { seen += partner::Score(scorecard_template, readings, previous).drivers.size(); });
      },
      [&] {
        return SlowRate(settings.round, [&] {
          Rational sum;
          for (const std::vector<partner::Reading>& of_component : readings) {
            for (const partner::Reading& reading : of_component) {
              const Rational share = Rational(reading.got) * Rational::FromInt(100) / Rational(*reading.of);
              sum = sum + Rational(share.RoundScaled(2, Rounding::kFloor), Rational::Integer(100));
            }
          }
          seen += sum.zero() ? 0 : 1;
        });
      });
  if (seen == 0) Must(absl::UnknownError("nothing was done"), "ScorePartner");
}

}  // namespace tributary::bench
