#pragma once

// What a partner scores: a pure function of a scorecard template, what was read for its components, and the evaluation
// before. Exact throughout: the components sum to the score, and the drivers to the difference.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "partner-service/scorecards/scorecard_template.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire; from the mildest to the hardest.
enum class ScoreConsequence { kNone = 1, kNotice = 2, kReview = 3, kBlock = 4 };
std::string_view NameOf(ScoreConsequence consequence);

// What was read for a component.
struct Reading {
  std::string subject;  // a resource name; empty where it is about the partner as a whole
  Decimal got;
  std::optional<Decimal> of;  // of how much; none where `got` counts by itself
  int64_t facts = 0;          // of sales
  int64_t unpriced_facts = 0;
  friend bool operator==(const Reading&, const Reading&) = default;
};

struct ComponentScore {
  std::string component;
  int weight = 0;
  std::vector<Reading> readings;
  std::optional<Rational> figure;  // none: the component is missing
  Rational low, high;              // apart where it is missing
  friend bool operator==(const ComponentScore&, const ComponentScore&) = default;
};

// What a component has to do with the difference.
struct ScoreDriver {
  std::string component;
  Rational before, after;  // low ends; 0 where it is none of the evaluation
  Rational change() const { return after - before; }
  friend bool operator==(const ScoreDriver&, const ScoreDriver&) = default;
};

struct Scorecard {
  std::vector<ComponentScore> components;
  ScoreConsequence consequence = ScoreConsequence::kNone;
  std::string previous;              // name of the evaluation before; empty without one
  std::vector<ScoreDriver> drivers;  // the greatest change first; empty without a previous one

  Rational low() const;
  Rational high() const;
  Rational change() const;  // of the low end
  friend bool operator==(const Scorecard&, const Scorecard&) = default;
};

// The figure of a component, on average over its readings: `got`, or `got` in hundredths of `of` rounded down to 2
// decimals. None without readings, where `of` is 0 and where sales are of no facts: no activity is no figure.
std::optional<Rational> FigureOf(const ScoreComponent& component, const std::vector<Reading>& readings);

// What follows from the low end: the hardest consequence whose threshold it lies below.
ScoreConsequence ConsequenceOf(const ScorecardTemplate& scorecard_template, const Rational& low);

// The evaluation before, as far as it is compared with.
struct PreviousScore {
  std::string name;
  std::vector<ScoreDriver> lows;  // each with `before` alone
};
PreviousScore PreviousOf(std::string name, const Scorecard& scorecard);
// The one that a scorecard was compared with, as it keeps it.
PreviousScore StoredPrevious(const Scorecard& scorecard);

// `readings` are by component of the template. A component is worth its weight by where its figure lies from low to
// high, nothing below and all of it above; a missing one is worth anything from 0 to its weight.
Scorecard Score(const ScorecardTemplate& scorecard_template, const std::vector<std::vector<Reading>>& readings,
                const std::optional<PreviousScore>& previous);

}  // namespace tributary::partner
