#include "partner-service/evaluations/scoring.h"

#include <algorithm>
#include <utility>

namespace tributary::partner {
namespace {

constexpr int kPercentDecimals = 2;

Rational PercentOf(const Reading& reading) {
  const Rational percent = Rational(reading.got) * Rational::FromInt(100) / Rational(*reading.of);
  return {percent.RoundScaled(kPercentDecimals, Rounding::kFloor), Rational::Integer(100)};
}

Rational Sum(const std::vector<ComponentScore>& components, Rational ComponentScore::*end) {
  Rational sum;
  for (const ComponentScore& component : components) sum = sum + component.*end;
  return sum;
}

Rational Size(const Rational& value) { return value.negative() ? -value : value; }

}  // namespace

std::string_view NameOf(ScoreConsequence consequence) {
  switch (consequence) {
    case ScoreConsequence::kNone:
      return "NONE";
    case ScoreConsequence::kNotice:
      return "NOTICE";
    case ScoreConsequence::kReview:
      return "REVIEW";
    case ScoreConsequence::kBlock:
      return "BLOCK";
  }
  return "CONSEQUENCE_UNSPECIFIED";
}

Rational Scorecard::low() const { return Sum(components, &ComponentScore::low); }
Rational Scorecard::high() const { return Sum(components, &ComponentScore::high); }

Rational Scorecard::change() const {
  Rational sum;
  for (const ScoreDriver& driver : drivers) sum = sum + driver.change();
  return sum;
}

std::optional<Rational> FigureOf(const ScoreComponent& component, const std::vector<Reading>& readings) {
  Rational sum;
  int64_t counted = 0;
  for (const Reading& reading : readings) {
    if (reading.of.has_value() && reading.of->zero()) continue;
    if (component.measure == ScoreMeasure::kSales && reading.facts == 0) continue;
    sum = sum + (reading.of.has_value() ? PercentOf(reading) : Rational(reading.got));
    ++counted;
  }
  if (counted == 0) return std::nullopt;
  return sum / Rational::FromInt(counted);
}

ScoreConsequence ConsequenceOf(const ScorecardTemplate& scorecard_template, const Rational& low) {
  const auto below = [&](const std::optional<Decimal>& threshold) {
    return threshold.has_value() && low < Rational(*threshold);
  };
  if (below(scorecard_template.block_below)) return ScoreConsequence::kBlock;
  if (below(scorecard_template.review_below)) return ScoreConsequence::kReview;
  if (below(scorecard_template.notice_below)) return ScoreConsequence::kNotice;
  return ScoreConsequence::kNone;
}

PreviousScore PreviousOf(std::string name, const Scorecard& scorecard) {
  PreviousScore previous{.name = std::move(name)};
  for (const ComponentScore& component : scorecard.components) {
    previous.lows.push_back({.component = component.component, .before = component.low});
  }
  return previous;
}

PreviousScore StoredPrevious(const Scorecard& scorecard) {
  PreviousScore previous{.name = scorecard.previous};
  for (const ScoreDriver& driver : scorecard.drivers) {
    previous.lows.push_back({.component = driver.component, .before = driver.before});
  }
  return previous;
}

Scorecard Score(const ScorecardTemplate& scorecard_template, const std::vector<std::vector<Reading>>& readings,
                const std::optional<PreviousScore>& previous) {
  Scorecard scorecard;
  for (size_t i = 0; i < scorecard_template.components.size(); ++i) {
    const ScoreComponent& component = scorecard_template.components[i];
    const Rational weight = Rational::FromInt(component.weight);
    ComponentScore score{.component = component.id,
                         .weight = component.weight,
                         .readings = readings[i],
                         .figure = FigureOf(component, readings[i])};
    if (score.figure.has_value()) {
      const Rational low(component.low), high(component.high);
      const Rational figure = std::clamp(*score.figure, low, high);
      score.low = score.high = (figure - low) / (high - low) * weight;
    } else {
      score.high = weight;
    }
    scorecard.components.push_back(std::move(score));
  }
  scorecard.consequence = ConsequenceOf(scorecard_template, scorecard.low());
  if (!previous.has_value()) return scorecard;
  scorecard.previous = previous->name;
  scorecard.drivers = previous->lows;
  for (const ComponentScore& component : scorecard.components) {
    const auto driver = std::find_if(scorecard.drivers.begin(), scorecard.drivers.end(),
                                     [&](const ScoreDriver& one) { return one.component == component.component; });
    if (driver != scorecard.drivers.end()) {
      driver->after = component.low;
    } else {
      scorecard.drivers.push_back({.component = component.component, .after = component.low});
    }
  }
  std::sort(scorecard.drivers.begin(), scorecard.drivers.end(), [](const ScoreDriver& a, const ScoreDriver& b) {
    const Rational of_a = Size(a.change()), of_b = Size(b.change());
    return of_a == of_b ? a.component < b.component : of_a > of_b;
  });
  return scorecard;
}

}  // namespace tributary::partner
