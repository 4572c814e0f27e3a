#include "tests/diversion/label_loss.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <map>
#include <random>
#include <utility>

#include "common/text/text.h"
#include "conflict-service/rules/diversion.h"
#include "conflict-service/rules/unit_way.h"

namespace tributary::diversion_quality {
namespace {

using conflict::Grant;
using conflict::ReconciledGap;

constexpr int kPartners = 8;

Date Day(int day) { return *Date::FromYmd(2026, 6, day); }
std::string PartnerName(int number) { return StrCat("partners/p-", number); }
std::string RegionName(int number) { return StrCat("regions/t-", number); }

// Numbers that are the same with every library.
class Dice {
 public:
  explicit Dice(uint32_t seed) : random_(seed) {}
  int Below(int most) { return static_cast<int>(random_() % static_cast<uint32_t>(most)); }
  int Between(int least, int most) { return least + Below(most - least + 1); }
  bool OneOf(int many) { return Below(many) == 0; }

 private:
  std::mt19937 random_;
};

// What of a partner's goods nobody told, above 0 where they are fewer than told.
int Untold(Dice& dice) {
  int units = 0;
  if (dice.Below(10) < 3) units += dice.OneOf(2) ? dice.Between(1, 6) : -dice.Between(1, 6);
  const int luck = dice.Below(10);
  if (luck == 0) units += dice.Between(5, 25);
  if (luck == 1) units -= dice.Between(5, 25);
  return units;
}

Channel::Sighting SeenAt(int owner, int territory, const std::string& serial, int lost_from) {
  return {.seen = {.kind = conflict::UnitEvent::Kind::kSeen,
                   .serial = serial,
                   .source = StrCat("scanEvents/", serial),
                   .date = Day(20),
                   .partner = {},
                   .giver = {},
                   .region = RegionName(territory),
                   .product_line = {},
                   .lot = {}},
          .owner = PartnerName(owner),
          .lost_from = lost_from};
}

// How the unit came to its owner.
conflict::UnitEvent ShipmentOf(const Channel::Sighting& sighting) {
  conflict::UnitEvent shipped = sighting.seen;
  shipped.kind = conflict::UnitEvent::Kind::kShipped;
  shipped.source = StrCat(sighting.owner, "/shipments/", shipped.serial);
  shipped.date = Day(2);
  shipped.partner = sighting.owner;
  shipped.region.clear();
  shipped.product_line = "productLines/a";
  return shipped;
}

// The odds of each pair of partners; of those without a flow and a unit that is seen none.
struct Odds {
  std::vector<int64_t> wandered, others;
};
constexpr int64_t kNone = std::numeric_limits<int64_t>::min();

void AddOdds(const Channel& channel, int lost_percent, const conflict::DiversionPolicy& policy, Evidence evidence,
             Odds* odds) {
  std::vector<conflict::UnitEvent> events;
  for (const Channel::Sighting& sighting : channel.sightings) {
    if (sighting.lost_from <= lost_percent) continue;
    events.push_back(ShipmentOf(sighting));
    events.push_back(sighting.seen);
  }
  const auto units = conflict::FollowUnits(std::move(events), channel.grants, channel.regions);
  auto outside = conflict::LookOutside(units, channel.key);
  std::vector<conflict::Flow> flows;
  if (evidence == Evidence::kAll) flows = conflict::BalanceOf(channel.key, channel.reconciled).flows;
  std::map<std::pair<std::string, std::string>, int64_t> of_pair;
  for (const conflict::Flow& flow : flows) {
    const std::pair pair(flow.from, flow.to);
    of_pair[pair] = conflict::OddsOf(flow, outside[pair].serials.size(), policy).decibans;
  }
  // A territory is one partner's.
  for (const auto& [pair, seen] : conflict::LookInTerritories(units, channel.key, flows)) {
    of_pair[{pair.first, *seen.at_home.begin()}] = conflict::OddsOf(seen.serials.size(), policy).decibans;
  }
  for (int from = 0; from < kPartners; ++from) {
    for (int to = 0; to < kPartners; ++to) {
      if (from == to) continue;
      const std::pair pair(PartnerName(from), PartnerName(to));
      const auto found = of_pair.find(pair);
      (channel.diverted == pair ? odds->wandered : odds->others)
          .push_back(found == of_pair.end() ? kNone : found->second);
    }
  }
}

// Of sorted odds, the share that reaches the threshold.
double ShareFrom(const std::vector<int64_t>& sorted, int64_t threshold) {
  if (sorted.empty()) return 0;
  const auto from = std::lower_bound(sorted.begin(), sorted.end(), threshold);
  return static_cast<double>(sorted.end() - from) / static_cast<double>(sorted.size());
}

double Separation(const Odds& odds) {
  double above = 0;
  for (const int64_t one : odds.wandered) {
    const auto [less, more] = std::equal_range(odds.others.begin(), odds.others.end(), one);
    above += static_cast<double>(less - odds.others.begin()) + static_cast<double>(more - less) / 2;
  }
  return above / static_cast<double>(odds.wandered.size()) / static_cast<double>(odds.others.size());
}

std::string Fixed(double value, int decimals) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

}  // namespace

Channel MakeChannel(uint32_t seed) {
  Dice dice(seed);
  Channel channel;
  channel.key = {.product = "products/x", .lot = {}, .period = {Day(1), Day(30).AddDays(1)}};
  const bool wanders = seed % 2 == 0;
  const int from = dice.Below(kPartners), to = (from + 1 + dice.Below(kPartners - 1)) % kPartners;
  const int diverted = wanders ? dice.Between(15, 60) : 0;
  if (wanders) channel.diverted = std::pair(PartnerName(from), PartnerName(to));
  for (int partner = 0; partner < kPartners; ++partner) {
    const std::string name = PartnerName(partner);
    Grant grant{.name = StrCat(name, "/territoryGrants/home"), .partner = name};
    grant.scope.regions = {RegionName(partner)};
    grant.scope.time = {*Date::FromYmd(2026, 1, 1), OpenEnd()};
    channel.grants.push_back(std::move(grant));

    const int opening = dice.Between(10, 49), got = dice.Between(100, 249);
    const int sold_at_home = (opening + got) * dice.Between(50, 79) / 100;
    const int gone = partner == from ? diverted : 0, come = partner == to ? diverted : 0;
    // Where more is gone than is left, the report says less than nothing; the balance does not mind.
    const int left = opening + got - sold_at_home - gone - Untold(dice);
    ReconciledGap gap{.name = StrCat(name, "/reconciliations/2026-06"), .partner = name, .product = "products/x"};
    gap.from = Day(1);
    gap.to = Day(30);
    gap.revision = 1;
    gap.opening_reported = Decimal::FromInt(opening);
    gap.reported = Decimal::FromInt(left);
    gap.sell_in = Decimal::FromInt(got);
    gap.sell_through = Decimal::FromInt(sold_at_home + come);
    channel.reconciled.push_back(std::move(gap));

    for (int unit = 0; unit < sold_at_home; ++unit) {
      if (!dice.OneOf(5)) continue;
      const int territory = dice.OneOf(100) ? (partner + 1 + dice.Below(kPartners - 1)) % kPartners : partner;
      channel.sightings.push_back(SeenAt(partner, territory, StrCat(partner, "-", unit), 101));
    }
  }
  for (int unit = 0; unit < diverted; ++unit) {
    if (dice.OneOf(5)) channel.sightings.push_back(SeenAt(from, to, StrCat("d-", unit), 1 + dice.Below(100)));
  }
  return channel;
}

Rates RatesOf(const std::vector<Channel>& channels, int lost_percent, const std::vector<int>& thresholds,
              const conflict::DiversionPolicy& policy, Evidence evidence) {
  Odds odds;
  for (const Channel& channel : channels) AddOdds(channel, lost_percent, policy, evidence, &odds);
  std::sort(odds.wandered.begin(), odds.wandered.end());
  std::sort(odds.others.begin(), odds.others.end());
  Rates rates{.lost_percent = lost_percent, .separation = Separation(odds)};
  for (const int threshold : thresholds) {
    rates.points.push_back({threshold, ShareFrom(odds.wandered, threshold), ShareFrom(odds.others, threshold)});
  }
  return rates;
}

std::string Table(const std::vector<Rates>& rates) {
  if (rates.empty()) return "";
  std::string table = "| labels lost | separation |";
  std::string rule = "|---|---|";
  for (const Rates::Point& point : rates.front().points) {
    StrAppend(&table, " from ", point.decibans, " |");
    rule += "---|";
  }
  StrAppend(&table, "\n", rule, "\n");
  for (const Rates& row : rates) {
    StrAppend(&table, "| ", row.lost_percent, " % | ", Fixed(row.separation, 4), " |");
    for (const Rates::Point& point : row.points) {
      StrAppend(&table, " ", Fixed(point.found, 3), ", ", Fixed(point.blamed, 5), " |");
    }
    table += "\n";
  }
  return table;
}

}  // namespace tributary::diversion_quality
