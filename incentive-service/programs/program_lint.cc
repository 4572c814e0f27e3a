#include "incentive-service/programs/program_lint.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "common/text/text.h"
#include "incentive-service/engine/exact.h"
#include "incentive-service/engine/lint/probe.h"

namespace tributary::incentive {
namespace {

// So many orders, of which the last has two units and the others one, and the same with that one cut in two.
struct Cut {
  Decimal orders;
  Rational whole;  // what the period is worth
  Rational apart;
};

// What counts reach is all that a cut changes: units and money stay.
std::optional<Cut> CutAt(const Terms& terms, Decimal orders, std::optional<Decimal> unit_price) {
  const Decimal more = orders + Decimal::FromInt(1);
  std::optional<Bases> whole = BasesAt(terms, orders, unit_price);
  std::optional<Bases> apart = BasesAt(terms, more, unit_price);
  if (!whole.has_value() || !apart.has_value()) return std::nullopt;
  whole->base = apart->base;
  return Cut{orders, EvaluateExactly(terms, *whole).exact, EvaluateExactly(terms, *apart).exact};
}

std::vector<Finding> LintOrderCounts(const Terms& terms, std::optional<Decimal> unit_price) {
  // What is paid once, or for each, is the same at any price.
  const auto& tiers = terms.scale.tiers;
  if (std::all_of(tiers.begin(), tiers.end(), [](const Tier& tier) { return tier.rate.zero(); })) {
    unit_price = unit_price.value_or(Decimal::FromInt(1));
  }
  std::set<Decimal> orders = {Decimal::FromInt(1)};
  for (size_t i = 0; i < terms.scale.tiers.size(); ++i) {
    const Decimal below = ThresholdOf(terms, i).below;
    if (below > Decimal()) orders.insert(below);
  }
  std::optional<Cut> best;
  for (const Decimal count : orders) {
    std::optional<Cut> cut = CutAt(terms, count, unit_price);
    if (!cut.has_value()) return {};
    if (cut->apart <= cut->whole) continue;
    if (!best.has_value() || best->apart - best->whole < cut->apart - cut->whole) best = std::move(cut);
  }
  if (!best.has_value()) return {};
  return {{"order-split",
           Severity::kWarning,
           StrCat("one order of two units, cut in two, gains ", Shown(best->apart - best->whole)),
           {{"other_orders", (best->orders - Decimal::FromInt(1)).ToString()},
            {"one_order", "2"},
            {"one_value", Shown(best->whole)},
            {"first_order", "1"},
            {"second_order", "1"},
            {"two_value", Shown(best->apart)}}}};
}

std::vector<Finding> LintOrderGoods(const FreeGoodsTerms& terms) {
  // The least order that is given anything, and two whose units are its.
  const Decimal one = NextGoodsFrom(terms, Decimal());
  Decimal first = Decimal::FromMicros(one.micros() / 2);
  if (const Decimal whole = Decimal::FromInt(1); one > whole) {
    first = first - Decimal::FromMicros(first.micros() % whole.micros());
  }
  const Decimal second = one - first;
  const auto due = [&](Decimal units) { return WorkOutGoods(terms, {.paid = {{"", units}}}).due; };
  const Decimal apart = due(first) + due(second);
  if (due(one) <= apart) return {};
  return {{"order-merge",
           Severity::kWarning,
           StrCat("one order of ", first.ToString(), " and ", second.ToString(), " gains ",
                  (due(one) - apart).ToString(), " free units"),
           {{"first_order", first.ToString()},
            {"first_free", due(first).ToString()},
            {"second_order", second.ToString()},
            {"second_free", due(second).ToString()},
            {"one_order", one.ToString()},
            {"one_free", due(one).ToString()}}}};
}

}  // namespace

std::vector<Finding> LintProgram(const Program& program, const LintSettings& settings) {
  std::vector<Finding> findings = LintTerms(program.terms, settings);
  std::vector<Finding> more;
  if (program.count_of == CountOf::kOrder) more = LintOrderCounts(program.terms, settings.reachable.unit_price);
  if (program.gives_by_order()) more = LintOrderGoods(*program.terms.free_goods);
  findings.insert(findings.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  return findings;
}

}  // namespace tributary::incentive
