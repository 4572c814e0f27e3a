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

CompositeScore ScoreOf(absl::Span<const ScoreComponent> components, absl::Span<const std::optional<Decimal>> measures) {
  CompositeScore score;
  for (size_t i = 0; i < components.size(); ++i) {
    const ScoreComponent& one = components[i];
    const Rational weight = Rational::FromInt(one.weight);
    ScoreRange range{.high = weight};
    if (measures[i].has_value()) {
      const Rational part = Rational(*measures[i] - one.low) / Rational(one.high - one.low);
      range.low = range.high = std::clamp(part, Rational(), Rational::FromInt(1)) * weight;
    }
    score.total.low = score.total.low + range.low;
    score.total.high = score.total.high + range.high;
    score.components.push_back(range);
  }
  return score;
}

}  // namespace tributary::incentive
