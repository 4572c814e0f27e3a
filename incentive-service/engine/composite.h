#pragma once

// A composite score: sales and other work of a partner, weighed together (SEMANTICS R9).
//
//   points of a component = clamp((x - low) / (high - low), 0, 1) x weight
//
// Weights are whole numbers that sum to 100. What is not known of a component may be anything: it adds 0 to the low end
// and its weight to the high end. Paid is by the low end, so that silence never earns. Where less is better, low lies
// above high.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/status/status.h"

namespace tributary::incentive {

// Where the figure of a component comes from. The numbers are stored and are those of the wire.
enum class ScoreSource {
  kAmount = 1,      // what the program's lines come to
  kEvaluation = 2,  // the component of that id of an evaluation
};

struct ScoreComponent {
  std::string id;
  Decimal low;   // earns nothing
  Decimal high;  // earns all
  int weight = 0;
  ScoreSource source = ScoreSource::kEvaluation;
  friend bool operator==(const ScoreComponent&, const ScoreComponent&) = default;
};

struct CompositeTerms {
  std::string scorecard;  // id of the template by which partners are evaluated; empty where no evaluation is read
  std::vector<ScoreComponent> components;
  friend bool operator==(const CompositeTerms&, const CompositeTerms&) = default;
};

// Figures that are known, by component.
using ScoreFigures = std::map<std::string, Rational>;

// What is wrong with the components, with paths below `field`: weights are above 0 and sum to 100, ids differ, low is
// not high.
std::vector<FieldViolation> CheckComponents(absl::Span<const ScoreComponent> components, std::string_view field);

struct ScoreRange {
  Rational low;
  Rational high;
  bool exact() const { return low == high; }
};

struct CompositeScore {
  std::vector<ScoreRange> components;  // as the components are
  ScoreRange total;                    // what is paid is by total.low
};

// `figures`: of each component, unset where it is not known; as many. The components must have passed CheckComponents.
CompositeScore ScoreOf(absl::Span<const ScoreComponent> components, absl::Span<const std::optional<Rational>> figures);

// The figure of one component; unset where it is not known.
std::optional<Rational> FigureOf(const ScoreComponent& component, const ScoreFigures& figures, const Rational& amount);
CompositeScore ScoreOf(const CompositeTerms& terms, const ScoreFigures& figures, const Rational& amount);

}  // namespace tributary::incentive
