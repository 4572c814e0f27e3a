#include "incentive-service/engine/measures/composite.h"

#include <algorithm>
#include <set>

#include "common/text/text.h"

namespace tributary::incentive {

std::vector<FieldViolation> CheckComponents(absl::Span<const ScoreComponent> components, std::string_view field) {
  std::vector<FieldViolation> violations;
  std::set<std::string> names;
  int64_t weights = 0;
  for (size_t i = 0; i < components.size(); ++i) {
    const ScoreComponent& component = components[i];
    const std::string path = StrCat(field, "[", i, "]");
    if (component.name.empty() || !names.insert(component.name).second) {
      violations.push_back({path + ".name", component.name, "a name of its own"});
    }
    if (component.lowest == component.highest) {
      violations.push_back({path + ".highest", component.highest.ToString(), "another value than lowest"});
    }
    if (component.weight < 1) violations.push_back({path + ".weight", StrCat(component.weight), "1 or more"});
    weights += component.weight;
  }
  if (weights != 100)
    violations.push_back({std::string(field), StrCat("weights of ", weights), "weights that sum to 100"});
  return violations;
}

Score ScoreOf(absl::Span<const ScoreComponent> components) {
  Score score;
  for (const ScoreComponent& component : components) {
    const Rational weight = Rational::FromInt(component.weight);
    Score::Part part{component.name, Rational(), weight};
    if (component.value.has_value()) {
      const Rational reached =
          Rational(*component.value - component.lowest) / Rational(component.highest - component.lowest);
      part.low = part.high = std::clamp(reached, Rational(), Rational::FromInt(1)) * weight;
    }
    score.low = score.low + part.low;
    score.high = score.high + part.high;
    score.parts.push_back(std::move(part));
  }
  return score;
}

}  // namespace tributary::incentive
