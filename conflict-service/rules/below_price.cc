#include "conflict-service/rules/below_price.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "common/money/rational.h"
#include "common/scopes/scope_box.h"
#include "common/text/text.h"
#include "conflict-service/rules/inputs.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kBelowPriceVersion = "1";

// How near the rule's regions come to the region: the number of regions that the nearest lies in, 0 of a rule for
// everywhere; nullopt where it is for others.
std::optional<size_t> Nearness(const PriceRule& rule, const std::string& region, const RegionTree& tree) {
  if (rule.regions.empty()) return 0;
  std::optional<size_t> nearest;
  for (const std::string& named : rule.regions) {
    if (tree.Within(region, named)) nearest = std::max(nearest.value_or(0), tree.Ancestors(named).size() + 1);
  }
  return nearest;
}

struct Least {
  Decimal price;
  std::string words;
};

// A price that the rule wants, with the lowest exception that fits in its place.
Least LeastOf(Decimal wanted, std::string_view what, const PriceObservation& observation, const PriceRule& rule) {
  const PriceException* lowest = nullptr;
  for (const PriceException& exception : rule.exceptions) {
    if (!exception.days.Contains(observation.date) || exception.price >= wanted) continue;
    // A report tells no promotion: whatever one allowed on that day was allowed.
    const bool any_promotion = exception.promotion.empty() || observation.sold_units.has_value();
    if (!any_promotion && exception.promotion != observation.promotion) continue;
    if (lowest == nullptr || exception.price < lowest->price) lowest = &exception;
  }
  if (lowest == nullptr) return {wanted, StrCat("the ", what, " of ", wanted.ToString(), " ", rule.currency)};
  return {lowest->price,
          StrCat("the ", what, " of ", lowest->price.ToString(), " ", rule.currency, " (instead of ", wanted.ToString(),
                 ", ", lowest->promotion.empty() ? std::string() : StrCat("promotion ", lowest->promotion, ", "),
                 Describe(lowest->days), ")")};
}

struct Seen {
  const PriceObservation* observation;
  const PriceRule* rule;
  Shortfall shortfall;
};

bool Deeper(const Seen& a, const Seen& b) {
  const int32_t depth_a = a.shortfall.depth.basis_points();
  const int32_t depth_b = b.shortfall.depth.basis_points();
  if (depth_a != depth_b) return depth_a > depth_b;
  if (a.shortfall.depth.depth() != b.shortfall.depth.depth()) {
    return a.shortfall.depth.depth() > b.shortfall.depth.depth();
  }
  return Earlier(*a.observation, *b.observation);
}

std::optional<Seen> TooLow(const PriceObservation& observation, const std::vector<PriceRule>& rules,
                           const RegionTree& tree) {
  const PriceRule* rule = RuleFor(observation, rules, tree);
  if (rule == nullptr || (observation.sold_units && rule->tax_included)) return std::nullopt;
  std::optional<Shortfall> shortfall = ShortfallOf(observation, *rule);
  if (!shortfall) return std::nullopt;
  return Seen{&observation, rule, *std::move(shortfall)};
}

std::string WordsForSale(const PriceObservation& sale, const Shortfall& shortfall) {
  const PriceDepth& depth = shortfall.depth;
  const Rational missing = Rational(depth.least) * Rational(*sale.sold_units) - Rational(depth.paid);
  return StrCat("sold ", sale.sold_units->ToString(), " x ", sale.product, " for ", depth.paid.ToString(), " ",
                depth.currency, " on ", sale.date.ToString(), " in ", sale.region, ", ", missing.ToDecimalString(), " ",
                depth.currency, " (", depth.basis_points(), " basis points) below ", sale.sold_units->ToString(), " x ",
                shortfall.least);
}

std::string WordsFor(const PriceObservation& observation, const Shortfall& shortfall) {
  if (observation.sold_units) return WordsForSale(observation, shortfall);
  const PriceDepth& depth = shortfall.depth;
  return StrCat(observation.kind == PriceObservation::Kind::kAdvertised ? "advertised " : "sold ", observation.product,
                " at ", depth.paid.ToString(), " ", depth.currency, " on ", observation.date.ToString(), " in ",
                observation.region, " (", observation.place, "), ", depth.depth().ToString(), " ", depth.currency, " (",
                depth.basis_points(), " basis points) below ", shortfall.least);
}

// What a price shows that is too low; `subjects` are those beside the rule.
Conclusion Concluded(const Seen& seen, const std::string& key, std::vector<std::string> subjects,
                     std::string_view seen_by) {
  const PriceObservation& observation = *seen.observation;
  const PriceRule& rule = *seen.rule;
  const Severity severity = SeverityOf(rule, seen.shortfall.depth.basis_points());
  const std::string words = WordsFor(observation, seen.shortfall);
  subjects.push_back(rule.name);
  std::sort(subjects.begin(), subjects.end());
  Conclusion conclusion{.kind = FindingKind::kBelowPrice,
                        .rule_version = StrCat(kBelowPriceVersion, ".", rule.version),
                        .subjects = std::move(subjects),
                        .explanation = StrCat(observation.Who(), " ", words, " of ", rule.name, " (version ",
                                              rule.version, "): ", NameOf(severity), ". ", seen_by),
                        .price_depth = seen.shortfall.depth,
                        .key = {key},
                        .occurred_on = observation.date,
                        .severity = severity};
  AddInputs(observation, &conclusion.inputs);
  AddInputs(rule, &conclusion.inputs);
  if (!observation.partner.empty()) {
    conclusion.parties.push_back({.partner = observation.partner,
                                  .product = observation.product,
                                  .regions = {observation.region},
                                  .words = StrCat("You ", words, ".")});
  }
  return conclusion;
}

}  // namespace

const PriceRule* RuleFor(const PriceObservation& observation, const std::vector<PriceRule>& rules,
                         const RegionTree& tree) {
  const PriceRule* best = nullptr;
  size_t best_nearness = 0;
  for (const PriceRule& rule : rules) {
    if (rule.product != observation.product || rule.currency != observation.price.currency) continue;
    if (!rule.days.Contains(observation.date)) continue;
    const std::optional<size_t> nearness = Nearness(rule, observation.region, tree);
    if (!nearness) continue;
    const bool better =
        best == nullptr || *nearness > best_nearness ||
        (*nearness == best_nearness &&
         (rule.days.start > best->days.start || (rule.days.start == best->days.start && rule.name < best->name)));
    if (!better) continue;
    best = &rule;
    best_nearness = *nearness;
  }
  return best;
}

std::optional<Shortfall> ShortfallOf(const PriceObservation& observation, const PriceRule& rule) {
  std::optional<Least> highest;
  const auto consider = [&](const std::optional<Decimal>& wanted, std::string_view what) {
    if (!wanted) return;
    Least least = LeastOf(*wanted, what, observation, rule);
    if (PaidLess(observation.price.amount, observation.sold_units.value_or(Decimal::FromInt(1)), least.price) &&
        (!highest || highest->price < least.price)) {
      highest = std::move(least);
    }
  };
  consider(rule.floor, "floor");
  if (observation.kind == PriceObservation::Kind::kAdvertised) consider(rule.advertised, "minimum advertised price");
  if (!highest) return std::nullopt;
  return Shortfall{{rule.currency, observation.price.amount, highest->price, observation.sold_units}, highest->words};
}

Severity SeverityOf(const PriceRule& rule, int32_t basis_points) {
  std::vector<DepthBand> bands = rule.bands;
  if (bands.empty()) bands.assign(std::begin(kDefaultBands), std::end(kDefaultBands));
  DepthBand reached{-1, Severity::kLow};
  for (const DepthBand& band : bands) {
    if (band.from_basis_points <= basis_points && band.from_basis_points > reached.from_basis_points) reached = band;
  }
  return reached.severity;
}

std::optional<Conclusion> BelowPrice(const std::vector<PriceObservation>& of_one_offer,
                                     const std::vector<PriceRule>& rules, const RegionTree& tree) {
  std::vector<Seen> below;
  for (const PriceObservation& observation : of_one_offer) {
    if (observation.withdraw_time) continue;
    if (std::optional<Seen> seen = TooLow(observation, rules, tree)) below.push_back(*std::move(seen));
  }
  if (below.empty()) return std::nullopt;
  const Seen& deepest = *std::min_element(below.begin(), below.end(), Deeper);
  const PriceObservation& observation = *deepest.observation;
  const std::string offer = StrCat("priceOffers/", OfferOf(observation));
  std::vector<std::string> subjects = {offer, observation.name};
  if (!observation.partner.empty()) subjects.push_back(observation.partner);
  return Concluded(deepest, offer, std::move(subjects),
                   StrCat("Seen by ", observation.name,
                          below.size() == 1 ? std::string() : StrCat(" and ", below.size() - 1, " more"), "."));
}

std::optional<Conclusion> BelowFloor(const PriceObservation& sale, const std::vector<PriceRule>& rules,
                                     const RegionTree& tree) {
  const std::optional<Seen> seen = TooLow(sale, rules, tree);
  if (!seen) return std::nullopt;
  return Concluded(*seen, sale.name, {sale.name}, StrCat("Reported as ", sale.name, "."));
}

}  // namespace tributary::conflict
