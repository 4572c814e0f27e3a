#include "conflict-service/detection/price_detector.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/detection/settle.h"
#include "conflict-service/facts/region_store.h"
#include "conflict-service/facts/sale_store.h"
#include "conflict-service/facts/sold_store.h"
#include "conflict-service/findings/finding_store.h"
#include "conflict-service/prices/price_observation_store.h"
#include "conflict-service/prices/price_rule_store.h"
#include "conflict-service/rules/below_price.h"
#include "conflict-service/rules/price_war.h"

namespace tributary::conflict {
namespace {

using Names = std::set<std::string>;

constexpr std::string_view kMarkets = "priceMarkets/";

// What all that is judged together is judged by.
struct PriceTerms {
  std::vector<PriceRule> rules;
  Names regions;  // that they and the observations name
};

// By the rules that hold, or with `tried` in the place of the one of its name.
absl::StatusOr<PriceTerms> TermsFor(mysql::Transaction& sql, const std::vector<PriceObservation>& observations,
                                    const std::optional<PriceRule>& tried) {
  PriceTerms terms;
  Names products;
  for (const PriceObservation& observation : observations) {
    products.insert(observation.product);
    terms.regions.insert(observation.region);
  }
  ASSIGN_OR_RETURN(terms.rules, PriceRuleStore().Of(sql, products));
  for (PriceRule& rule : terms.rules) {
    if (tried && rule.name == tried->name) rule = *tried;
    terms.regions.insert(rule.regions.begin(), rule.regions.end());
  }
  return terms;
}

// Of the offers that were seen.
absl::StatusOr<std::vector<Conclusion>> OffersBelow(mysql::Transaction& sql, const Names& offers,
                                                    const std::optional<PriceRule>& tried = {}) {
  ASSIGN_OR_RETURN(std::vector<PriceObservation> observations, PriceObservationStore().OfOffers(sql, offers));
  ASSIGN_OR_RETURN(const PriceTerms terms, TermsFor(sql, observations, tried));
  ASSIGN_OR_RETURN(const RegionTree tree, RegionStore().Tree(sql, terms.regions));
  std::map<std::string, std::vector<PriceObservation>> by_offer;
  for (PriceObservation& observation : observations) {
    by_offer[OfferOf(observation)].push_back(std::move(observation));
  }
  std::vector<Conclusion> conclusions;
  for (const auto& [offer, of_one_offer] : by_offer) {
    if (auto conclusion = BelowPrice(of_one_offer, terms.rules, tree)) conclusions.push_back(*std::move(conclusion));
  }
  return conclusions;
}

absl::Status JudgeOffers(mysql::Transaction& sql, const Names& offers, absl::Time now, events::Outbox& outbox) {
  ASSIGN_OR_RETURN(const std::vector<Conclusion> conclusions, OffersBelow(sql, offers));
  Names subjects;
  for (const std::string& offer : offers) subjects.insert(StrCat("priceOffers/", offer));
  return Settle(sql, now, outbox, {FindingKind::kBelowPrice}, subjects, conclusions);
}

// Of the sales that were reported, each by itself.
absl::StatusOr<std::vector<Conclusion>> SalesBelow(mysql::Transaction& sql, const std::vector<PriceObservation>& sold,
                                                   const std::optional<PriceRule>& tried = {}) {
  ASSIGN_OR_RETURN(const PriceTerms terms, TermsFor(sql, sold, tried));
  ASSIGN_OR_RETURN(const RegionTree tree, RegionStore().Tree(sql, terms.regions));
  std::vector<Conclusion> conclusions;
  for (const PriceObservation& sale : sold) {
    if (auto conclusion = BelowFloor(sale, terms.rules, tree)) conclusions.push_back(*std::move(conclusion));
  }
  return conclusions;
}

// The sales that are told of and may be below a floor, and those that are taken back: of all others nothing has
// changed.
absl::Status JudgeSold(mysql::Transaction& sql, const FactBatch& facts, const std::vector<PriceRule>& rules,
                       absl::Time now, events::Outbox& outbox) {
  std::map<std::pair<std::string, std::string>, Decimal> highest;  // floor, by product and currency
  for (const PriceRule& rule : rules) {
    if (!rule.floor || rule.tax_included) continue;
    Decimal& floor = highest[{rule.product, rule.currency}];
    floor = std::max(floor, *rule.floor);
  }
  if (highest.empty()) return absl::OkStatus();
  Names sales;
  for (const SoldGoods& goods : facts.sold) {
    if (!goods.paid) continue;
    const auto floor = highest.find({goods.product, goods.paid->currency});
    if (floor == highest.end()) continue;
    if (PaidLess(goods.paid->amount, goods.quantity, floor->second)) sales.insert(goods.sale);
  }
  for (const Sale& sale : facts.sales) {
    if (!sale.reverses.empty()) sales.insert(sale.reverses);
  }
  if (sales.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<PriceObservation> sold, SoldStore().PricesOf(sql, sales));
  ASSIGN_OR_RETURN(const std::vector<Conclusion> conclusions, SalesBelow(sql, sold));
  return Settle(sql, now, outbox, {FindingKind::kBelowPrice}, sales, conclusions);
}

// All sales of the product; those in these regions alone, where some are named.
absl::Status JudgeSoldOf(mysql::Transaction& sql, const std::string& product, const Names& regions, absl::Time now,
                         events::Outbox& outbox) {
  const auto judge = [&](const std::vector<PriceObservation>& all) -> absl::Status {
    std::vector<PriceObservation> sold;
    Names sales;
    for (const PriceObservation& sale : all) {
      if (!regions.empty() && !regions.contains(sale.region)) continue;
      sales.insert(sale.name);
      sold.push_back(sale);
    }
    if (sold.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::vector<Conclusion> conclusions, SalesBelow(sql, sold));
    return Settle(sql, now, outbox, {FindingKind::kBelowPrice}, sales, conclusions);
  };
  return SoldStore().VisitPrices(sql, product, EveryDay(), judge);
}

absl::StatusOr<std::vector<Conclusion>> WarsIn(mysql::Transaction& sql,
                                               const std::vector<PriceObservation>& observations,
                                               const std::optional<PriceRule>& tried = {}) {
  ASSIGN_OR_RETURN(PriceTerms terms, TermsFor(sql, observations, tried));
  ASSIGN_OR_RETURN(RegionTree tree, RegionStore().Tree(sql, terms.regions));
  const std::vector<Cascade> cascades = CascadesOf(observations, terms.rules, tree);
  if (cascades.empty()) return std::vector<Conclusion>();
  Names partners;
  Date until = cascades.front().watched_until();
  for (const Cascade& cascade : cascades) {
    until = std::max(until, cascade.watched_until());
    for (const PriceCut& cut : cascade.cuts) {
      if (!cut.seen->partner.empty()) partners.insert(cut.seen->partner);
    }
  }
  ASSIGN_OR_RETURN(const std::vector<SoldUnits> sold,
                   SoldStore().Of(sql, observations.front().product, partners,
                                  {cascades.front().cuts.front().seen->date, until.AddDays(1)}));
  for (const SoldUnits& units : sold) terms.regions.insert(units.region);
  ASSIGN_OR_RETURN(tree, RegionStore().Tree(sql, terms.regions));
  return PriceWars(observations, sold, terms.rules, tree);
}

// Markets with a war in which any of these cut. What they sell moves its loss, and makes or ends none.
absl::StatusOr<Names> MarketsAtWar(mysql::Transaction& sql, const Names& sellers) {
  ASSIGN_OR_RETURN(const auto wars, FindingStore().About(sql, {FindingKind::kPriceWar}, sellers, {}));
  Names markets;
  for (const auto& [id, war] : wars) {
    for (const std::string& subject : war.conclusion.subjects) {
      if (subject.starts_with(kMarkets)) markets.insert(subject.substr(kMarkets.size()));
    }
  }
  return markets;
}

absl::Status JudgeMarkets(mysql::Transaction& sql, const Names& markets, absl::Time now, events::Outbox& outbox) {
  for (const std::string& market : markets) {
    ASSIGN_OR_RETURN(const std::vector<PriceObservation> observations, PriceObservationStore().OfMarket(sql, market));
    ASSIGN_OR_RETURN(const std::vector<Conclusion> conclusions, WarsIn(sql, observations));
    RETURN_IF_ERROR(Settle(sql, now, outbox, {FindingKind::kPriceWar}, {StrCat(kMarkets, market)}, conclusions));
  }
  return absl::OkStatus();
}

// The wars that a change of these observations of one market may have made, changed or ended: no other days are read
// than those that it reaches, and what their sellers asked before.
absl::Status JudgeAround(mysql::Transaction& sql, const std::string& market,
                         const std::vector<PriceObservation>& changed, absl::Time now, events::Outbox& outbox) {
  const PriceObservationStore observations;
  ASSIGN_OR_RETURN(const std::vector<PriceRule> rules, PriceRuleStore().Of(sql, {changed.front().product}));
  int32_t follow_days = 0;
  for (const PriceRule& rule : rules) follow_days = std::max(follow_days, rule.follow_days);
  std::set<Date> days;
  Names subjects;
  for (const PriceObservation& one : changed) {
    subjects.insert(one.name);
    days.insert(one.date);
    // Whether the seller's next price is a cut depends on this one.
    ASSIGN_OR_RETURN(const std::optional<Date> next, observations.NextDay(sql, one));
    if (next) days.insert(*next);
  }
  ASSIGN_OR_RETURN(const std::set<Date> seen, observations.Days(sql, market));
  std::vector<Conclusion> conclusions;
  for (const DateRange& run : DaysReached(seen, days, follow_days)) {
    ASSIGN_OR_RETURN(const std::vector<PriceObservation> of_run, observations.OfMarket(sql, market, run));
    for (const PriceObservation& one : of_run) {
      if (run.Contains(one.date)) subjects.insert(one.name);
    }
    ASSIGN_OR_RETURN(std::vector<Conclusion> wars, WarsIn(sql, of_run));
    std::move(wars.begin(), wars.end(), std::back_inserter(conclusions));
  }
  return Settle(sql, now, outbox, {FindingKind::kPriceWar}, subjects, conclusions);
}

}  // namespace

absl::Status LockPrices(mysql::Transaction& sql) {
  return FindingStore().Lock(sql, {FindingKind::kBelowPrice, FindingKind::kPriceWar});
}

absl::Status JudgePrices(mysql::Transaction& sql, const std::vector<PriceObservation>& changed, absl::Time now,
                         events::Outbox& outbox) {
  if (changed.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Names followed, PriceRuleStore().Followed(sql));
  Names offers;
  std::map<std::string, std::vector<PriceObservation>> markets;
  for (const PriceObservation& observation : changed) {
    offers.insert(OfferOf(observation));
    if (observation.kind != PriceObservation::Kind::kAdvertised) continue;
    if (followed.contains(observation.product)) markets[MarketOf(observation)].push_back(observation);
  }
  RETURN_IF_ERROR(JudgeOffers(sql, offers, now, outbox));
  for (const auto& [market, of_market] : markets) RETURN_IF_ERROR(JudgeAround(sql, market, of_market, now, outbox));
  return absl::OkStatus();
}

absl::Status JudgePricesOf(mysql::Transaction& sql, const std::string& product, absl::Time now,
                           events::Outbox& outbox) {
  const PriceObservationStore observations;
  RETURN_IF_ERROR(observations.VisitOffers(sql, {product}, {},
                                           [&](const Names& offers) { return JudgeOffers(sql, offers, now, outbox); }));
  RETURN_IF_ERROR(JudgeSoldOf(sql, product, {}, now, outbox));
  // Also where cascades are no longer looked for.
  ASSIGN_OR_RETURN(const Names markets, observations.Markets(sql, {product}));
  return JudgeMarkets(sql, markets, now, outbox);
}

absl::Status ApplyToPrices(mysql::Transaction& sql, const FactBatch& facts, absl::Time now, events::Outbox& outbox) {
  if (facts.regions.empty() && facts.sold.empty()) return absl::OkStatus();
  const PriceObservationStore observations;
  if (!facts.regions.empty()) {
    // All that has moved lies, as before, in a region that is told of, or is one.
    Names told;
    for (const RegionFact& region : facts.regions) told.insert(region.name);
    ASSIGN_OR_RETURN(const Names relatives, RegionStore().Relatives(sql, told));
    RETURN_IF_ERROR(observations.VisitOffers(
        sql, {}, relatives, [&](const Names& offers) { return JudgeOffers(sql, offers, now, outbox); }));
    // Where a sale lies makes a difference to rules for some regions alone.
    ASSIGN_OR_RETURN(const std::vector<PriceRule> rules, PriceRuleStore().All(sql));
    Names regional;
    for (const PriceRule& rule : rules) {
      if (!rule.regions.empty()) regional.insert(rule.product);
    }
    for (const std::string& product : regional) {
      RETURN_IF_ERROR(JudgeSoldOf(sql, product, relatives, now, outbox));
    }
  }
  Names sold, products;
  for (const SoldGoods& goods : facts.sold) sold.insert(goods.product);
  ASSIGN_OR_RETURN(const std::vector<PriceRule> rules, PriceRuleStore().Of(sql, sold));
  RETURN_IF_ERROR(JudgeSold(sql, facts, rules, now, outbox));
  // Losses depend on where sales lie, which may have been anywhere before.
  if (facts.regions.empty()) {
    for (const PriceRule& rule : rules) {
      if (rule.follow_days > 0) products.insert(rule.product);
    }
  } else {
    ASSIGN_OR_RETURN(products, PriceRuleStore().Followed(sql));
  }
  ASSIGN_OR_RETURN(Names markets, observations.Markets(sql, products));
  if (facts.regions.empty() && !markets.empty()) {
    Names sellers;
    for (const SoldGoods& goods : facts.sold) sellers.insert(goods.partner);
    ASSIGN_OR_RETURN(const Names at_war, MarketsAtWar(sql, sellers));
    std::erase_if(markets, [&](const std::string& market) { return !at_war.contains(market); });
  }
  return JudgeMarkets(sql, markets, now, outbox);
}

absl::StatusOr<std::vector<Conclusion>> BelowPricesIn(mysql::Transaction& sql, const DateRange& days,
                                                      const std::optional<PriceRule>& tried) {
  Names products;
  if (tried) {
    products.insert(tried->product);
  } else {
    ASSIGN_OR_RETURN(const std::vector<PriceRule> rules, PriceRuleStore().All(sql));
    for (const PriceRule& rule : rules) products.insert(rule.product);
  }
  std::vector<Conclusion> all;
  RETURN_IF_ERROR(PriceObservationStore().VisitOffers(sql, products, {}, [&](const Names& offers) -> absl::Status {
    ASSIGN_OR_RETURN(std::vector<Conclusion> some, OffersBelow(sql, offers, tried));
    for (Conclusion& one : some) {
      if (days.Contains(*one.occurred_on)) all.push_back(std::move(one));
    }
    return absl::OkStatus();
  }));
  for (const std::string& product : products) {
    RETURN_IF_ERROR(
        SoldStore().VisitPrices(sql, product, days, [&](const std::vector<PriceObservation>& sold) -> absl::Status {
          ASSIGN_OR_RETURN(std::vector<Conclusion> some, SalesBelow(sql, sold, tried));
          std::move(some.begin(), some.end(), std::back_inserter(all));
          return absl::OkStatus();
        }));
  }
  return all;
}

absl::StatusOr<std::vector<Conclusion>> PriceWarsIn(mysql::Transaction& sql, const std::optional<PriceRule>& tried) {
  const PriceObservationStore observations;
  Names products;
  if (tried) {
    products.insert(tried->product);
  } else {
    ASSIGN_OR_RETURN(products, PriceRuleStore().Followed(sql));
  }
  ASSIGN_OR_RETURN(const Names markets, observations.Markets(sql, products));
  std::vector<Conclusion> all;
  for (const std::string& market : markets) {
    ASSIGN_OR_RETURN(const std::vector<PriceObservation> of_market, observations.OfMarket(sql, market));
    ASSIGN_OR_RETURN(std::vector<Conclusion> wars, WarsIn(sql, of_market, tried));
    std::move(wars.begin(), wars.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace tributary::conflict
