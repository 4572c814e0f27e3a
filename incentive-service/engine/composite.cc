#include "incentive-service/engine/composite.h"

#include <algorithm>
#include <set>

#include "common/text/text.h"

namespace tributary::incentive {

std::vector<FieldViolation> CheckComponents(absl::Span<const ScoreComponent> components, std::string_view field) {
  std::vector<FieldViolation> violations;
  std::set<std::string_view> ids;
  int sum = 0;
  for (size_t i = 0; i < components.size(); ++i) {
    const std::string path = StrCat(field, "[", i, "]");
    const ScoreComponent& one = components[i];
    sum += one.weight;
    if (!ids.insert(one.id).second) violations.push_back({path + ".id", one.id, "an id of its own"});
    if (one.low == one.high) {
      violations.push_back(
          {path + ".high", one.high.ToString(), StrCat("another number than low, ", one.low.ToString())});
    }
    if (one.weight < 1) violations.push_back({path + ".weight", StrCat(one.weight), "1 or more"});
  }
  if (sum != 100) violations.push_back({std::string(field), StrCat("weights that sum to ", sum), "100 in all"});
  return violations;
}

CompositeScore ScoreOf(absl::Span<const ScoreComponent> components, absl::Span<const std::optional<Rational>> figures) {
  CompositeScore score;
  for (size_t i = 0; i < components.size(); ++i) {
    const ScoreComponent& one = components[i];
    const Rational weight = Rational::FromInt(one.weight);
    ScoreRange range{.high = weight};
    if (figures[i].has_value()) {
      const Rational part = (*figures[i] - Rational(one.low)) / Rational(one.high - one.low);
      range.low = range.high = std::clamp(part, Rational(), Rational::FromInt(1)) * weight;
    }
    score.total.low = score.total.low + range.low;
    score.total.high = score.total.high + range.high;
    score.components.push_back(range);
  }
  return score;
}

std::optional<Rational> FigureOf(const ScoreComponent& component, const ScoreFigures& figures, const Rational& amount) {
  if (component.source == ScoreSource::kAmount) return amount;
  const auto known = figures.find(component.id);
  return known == figures.end() ? std::nullopt : std::optional(known->second);
}

CompositeScore ScoreOf(const CompositeTerms& terms, const ScoreFigures& figures, const Rational& amount) {
  std::vector<std::optional<Rational>> known;
  known.reserve(terms.components.size());
  for (const ScoreComponent& one : terms.components) known.push_back(FigureOf(one, figures, amount));
  return ScoreOf(terms.components, known);
}

}  // namespace tributary::incentive
