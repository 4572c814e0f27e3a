#include "incentive-service/engine/lint/margin.h"

#include <set>
#include <utility>

#include "common/text/text.h"
#include "incentive-service/engine/exact.h"
#include "incentive-service/engine/lint/probe.h"
#include "incentive-service/engine/stack.h"

namespace tributary::incentive {
namespace {

// One sale for all programs.
Portion PortionOf(Decimal amount, Decimal unit_price) {
  const Decimal units = ToDecimal(Rational(amount) / Rational(unit_price), Rounding::kDown);
  return {amount, amount, units, units};
}

}  // namespace

std::vector<Finding> LintMargin(const StackingPlan& plan, absl::Span<const StackProgram> programs,
                                const StandardMargin& margin) {
  std::set<Decimal> sales = {margin.unit_price};
  for (const StackProgram& program : programs) {
    for (size_t i = 0; i < program.terms.scale.tiers.size(); ++i) {
      const Decimal at = ThresholdOf(program.terms, i).at;
      if (at <= Decimal()) continue;
      const bool units = program.terms.scale.measure == Measure::kQuantity;
      sales.insert(units ? ToDecimal(Rational(at) * Rational(margin.unit_price), Rounding::kCeiling) : at);
    }
  }
  // Rates on widths only come near their last one far above its bound.
  sales.insert(Decimal::FromMicros(sales.rbegin()->micros() * 100));
  const Rational rate = margin.rate();
  Rational worst = rate;
  std::vector<Finding> findings;
  for (const Decimal sale : sales) {
    StackLine line;
    line.key.fact = "sale";
    for (const StackProgram& program : programs) line.portions[program.name] = PortionOf(sale, margin.unit_price);
    const absl::StatusOr<Stack> stack = EvaluateStack(plan, programs, SumsOf(plan, {line}), {line});
    if (!stack.ok()) continue;  // a sum that no currency holds
    Rational paid;
    for (const StackedValue& value : stack->values) paid = paid + value.exact;
    if (paid <= worst * Rational(sale)) continue;
    worst = paid / Rational(sale);
    const Rational earned = Rational(sale) * rate;
    Finding finding{"stack-negative-margin",
                    Severity::kError,
                    StrCat("a sale of ", sale.ToString(), " is paid ", Shown(paid), " and earns ", Shown(earned)),
                    {{"sale", sale.ToString()}}};
    for (const StackedValue& value : stack->values) {
      finding.counter_example.emplace_back(value.program, Shown(value.exact));
    }
    finding.counter_example.emplace_back("paid", Shown(paid));
    finding.counter_example.emplace_back("margin", Shown(earned));
    findings = {std::move(finding)};
  }
  return findings;
}

}  // namespace tributary::incentive
