#include "conflict-service/rules/price_war.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "common/text/text.h"
#include "conflict-service/rules/below_price.h"
#include "conflict-service/rules/inputs.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kPriceWarVersion = "1";

// By seller and day: the first observation of the lowest advertised price.
using DailyPrices = std::map<std::string, std::map<Date, const PriceObservation*>>;

DailyPrices DailyPricesOf(const std::vector<PriceObservation>& observations) {
  DailyPrices prices;
  for (const PriceObservation& seen : observations) {
    if (seen.withdraw_time || seen.kind != PriceObservation::Kind::kAdvertised) continue;
    const PriceObservation*& lowest = prices[seen.Who()][seen.date];
    const bool lower = lowest == nullptr || seen.price.amount < lowest->price.amount ||
                       (seen.price.amount == lowest->price.amount && Earlier(seen, *lowest));
    if (lower) lowest = &seen;
  }
  return prices;
}

std::vector<PriceCut> CutsIn(const DailyPrices& prices) {
  std::vector<PriceCut> cuts;
  for (const auto& [seller, days] : prices) {
    const PriceObservation* before = nullptr;
    for (const auto& [day, seen] : days) {
      if (before != nullptr && seen->price.amount < before->price.amount) cuts.push_back({seen, before->price.amount});
      before = seen;
    }
  }
  std::sort(cuts.begin(), cuts.end(), [](const PriceCut& a, const PriceCut& b) { return Earlier(*a.seen, *b.seen); });
  return cuts;
}

bool IsWar(const Cascade& cascade) {
  const std::string first = cascade.cuts.front().seen->Who();
  return std::any_of(cascade.cuts.begin(), cascade.cuts.end(),
                     [&](const PriceCut& cut) { return cut.seen->Who() != first; });
}

std::string Fall(const PriceCut& cut) {
  return StrCat("from ", cut.before.ToString(), " to ", cut.seen->price.amount.ToString(), " ",
                cut.seen->price.currency, " on ", cut.seen->date.ToString());
}

std::string LossInWords(const LossOf& loss, std::string_view currency) {
  return StrCat(loss.amount.ToDecimalString(), " ", currency, " over ", loss.units.ToString(), " units");
}

std::string Chronicle(const Cascade& cascade, const std::vector<LossOf>& losses) {
  const PriceObservation& first = *cascade.cuts.front().seen;
  std::string text = StrCat("Cuts of the advertised price of ", first.product, " in ", first.region, ", each at most ",
                            cascade.rule->follow_days, " days after the one before (", cascade.rule->name, ", version ",
                            cascade.rule->version, "): ");
  for (size_t i = 0; i < cascade.cuts.size(); ++i) {
    const PriceCut& cut = cascade.cuts[i];
    StrAppend(&text, i == 0 ? "first " : "; then ", cut.seen->Who(), " ", Fall(cut), " (", cut.seen->name, ")");
    if (i > 0) StrAppend(&text, ", ", cut.seen->date.days() - cascade.cuts[i - 1].seen->date.days(), " days later");
  }
  Rational sum;
  for (const LossOf& loss : losses) sum = sum + loss.amount;
  StrAppend(&text, ". Loss to the others until ", cascade.watched_until().ToString(), ": ", sum.ToDecimalString(), " ",
            first.price.currency);
  for (size_t i = 0; i < losses.size(); ++i) {
    StrAppend(&text, i == 0 ? " (" : "; ", losses[i].partner, " ", LossInWords(losses[i], first.price.currency),
              i + 1 == losses.size() ? ")" : "");
  }
  return text + ".";
}

// What a partner is told: its own cuts. What it lost would tell it when the others cut last.
PartyFacts FactsFor(const std::string& partner, const Cascade& cascade) {
  const PriceObservation& first = *cascade.cuts.front().seen;
  PartyFacts facts{.partner = partner, .product = first.product, .regions = {first.region}};
  for (const PriceCut& cut : cascade.cuts) {
    if (cut.seen->partner == partner) StrAppend(&facts.words, facts.words.empty() ? "" : "; ", Fall(cut));
  }
  facts.words = StrCat("Your advertised price of ", first.product, " in ", first.region, " fell ", facts.words, ".");
  return facts;
}

}  // namespace

std::vector<Cascade> CascadesOf(const std::vector<PriceObservation>& of_one_market, const std::vector<PriceRule>& rules,
                                const RegionTree& tree) {
  std::vector<Cascade> cascades;
  bool open = false;
  for (const PriceCut& cut : CutsIn(DailyPricesOf(of_one_market))) {
    if (open && cut.seen->date <= cascades.back().watched_until()) {
      cascades.back().cuts.push_back(cut);
      continue;
    }
    const PriceRule* rule = RuleFor(*cut.seen, rules, tree);
    open = rule != nullptr && rule->follow_days > 0;
    if (open) cascades.push_back({rule, {cut}});
  }
  std::erase_if(cascades, [](const Cascade& cascade) { return !IsWar(cascade); });
  return cascades;
}

std::vector<DateRange> DaysReached(const std::set<Date>& seen, const std::set<Date>& changed, int32_t follow_days) {
  std::set<Date> days = seen;
  days.insert(changed.begin(), changed.end());
  std::vector<DateRange> runs;
  bool reached = true;  // the last of them
  for (const Date day : days) {
    if (runs.empty() || day > runs.back().end.AddDays(follow_days - 1)) {
      if (!reached) runs.pop_back();
      runs.push_back({day, day});
      reached = false;
    }
    runs.back().end = day.AddDays(1);
    reached = reached || changed.contains(day);
  }
  if (!reached) runs.pop_back();
  return runs;
}

std::vector<LossOf> LossToOthers(const Cascade& cascade, const std::vector<PriceObservation>& of_one_market,
                                 const std::vector<SoldUnits>& sold, const RegionTree& tree) {
  const PriceObservation& first = *cascade.cuts.front().seen;
  std::map<std::string, const PriceCut*> first_cuts;
  for (const PriceCut& cut : cascade.cuts) {
    if (!cut.seen->partner.empty() && cut.seen->partner != first.partner) first_cuts.emplace(cut.seen->partner, &cut);
  }
  const DailyPrices prices = DailyPricesOf(of_one_market);
  std::vector<LossOf> losses;
  for (const auto& [partner, cut] : first_cuts) {
    LossOf loss{.partner = partner, .units = {}, .amount = {}};
    const std::map<Date, const PriceObservation*>& days = prices.at(partner);
    for (const SoldUnits& sale : sold) {
      if (sale.partner != partner || sale.date < cut->seen->date || sale.date > cascade.watched_until()) continue;
      if (!tree.Within(sale.region, first.region)) continue;
      const Decimal price = std::prev(days.upper_bound(sale.date))->second->price.amount;
      if (price >= cut->before) continue;
      loss.units += sale.quantity;
      loss.amount = loss.amount + Rational(sale.quantity) * Rational(cut->before - price);
    }
    losses.push_back(std::move(loss));
  }
  return losses;
}

std::vector<Conclusion> PriceWars(const std::vector<PriceObservation>& of_one_market,
                                  const std::vector<SoldUnits>& sold, const std::vector<PriceRule>& rules,
                                  const RegionTree& tree) {
  std::vector<Conclusion> conclusions;
  for (const Cascade& cascade : CascadesOf(of_one_market, rules, tree)) {
    const PriceObservation& first = *cascade.cuts.front().seen;
    const std::string market = StrCat("priceMarkets/", MarketOf(first));
    const std::vector<LossOf> losses = LossToOthers(cascade, of_one_market, sold, tree);
    std::set<std::string> subjects = {market, cascade.rule->name};
    std::set<std::string> partners;
    for (const PriceCut& cut : cascade.cuts) {
      subjects.insert(cut.seen->name);
      if (!cut.seen->partner.empty()) partners.insert(cut.seen->partner);
    }
    subjects.insert(partners.begin(), partners.end());
    Conclusion conclusion{.kind = FindingKind::kPriceWar,
                          .rule_version = StrCat(kPriceWarVersion, ".", cascade.rule->version),
                          .subjects = {subjects.begin(), subjects.end()},
                          .explanation = Chronicle(cascade, losses),
                          .key = {market, first.Who(), first.date.ToString()},
                          .occurred_on = cascade.cuts.back().seen->date};
    for (const std::string& partner : partners) conclusion.parties.push_back(FactsFor(partner, cascade));
    for (const PriceCut& cut : cascade.cuts) {
      AddInputs(*cut.seen, &conclusion.inputs);
      conclusion.inputs.push_back({cut.seen->name, "price_before", cut.before.ToString(), ""});
    }
    for (const LossOf& loss : losses) {
      conclusion.inputs.push_back({loss.partner, "loss.units", loss.units.ToString(), ""});
      conclusion.inputs.push_back({loss.partner, "loss.amount", loss.amount.ToDecimalString(), ""});
    }
    AddInputs(*cascade.rule, &conclusion.inputs);
    conclusions.push_back(std::move(conclusion));
  }
  return conclusions;
}

}  // namespace tributary::conflict
