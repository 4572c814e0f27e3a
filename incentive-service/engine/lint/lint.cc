#include "incentive-service/engine/lint/lint.h"

#include <iterator>

#include "incentive-service/engine/lint/cliffs.h"
#include "incentive-service/engine/lint/cycles.h"
#include "incentive-service/engine/lint/order_splits.h"

namespace tributary::incentive {
namespace {

void Append(std::vector<Finding>* all, std::vector<Finding> more) {
  all->insert(all->end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

std::vector<Finding> LintTerms(const Terms& stated, const LintSettings& given) {
  Terms terms = stated;
  LintSettings settings = given;
  if (terms.scale.measure == Measure::kGrowth || terms.scale.measure == Measure::kMix) {
    terms.floor.reset();
    terms.cap.reset();
    settings.reachable.budget.reset();
  }
  const std::optional<Decimal>& unit_price = settings.reachable.unit_price;
  std::vector<Finding> findings = LintUnreachableTiers(terms, settings.reachable);
  Append(&findings, LintCliffs(terms, settings.cliff_percent, unit_price));
  if (settings.per_order) Append(&findings, LintOrderSplits(terms, unit_price));
  return findings;
}

std::vector<Finding> LintPlan(const StackingPlan& plan, absl::Span<const StackProgram> programs,
                              const std::optional<StandardMargin>& margin) {
  std::vector<Finding> findings = LintCycles(plan);
  if (margin.has_value() && CheckPlan(plan, programs, "").empty()) {
    Append(&findings, LintMargin(plan, programs, *margin));
  }
  return findings;
}

}  // namespace tributary::incentive
