#include "conflict-service/rules/unit_way.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

namespace tributary::conflict {
namespace {

using Kind = UnitEvent::Kind;
using Names = std::set<std::string>;

bool HoldsFor(const Grant& grant, Date day, const std::string& product_line) {
  const std::vector<std::string>& lines = grant.scope.product_lines;
  return grant.active && grant.scope.time.Contains(day) &&
         (lines.empty() || std::find(lines.begin(), lines.end(), product_line) != lines.end());
}

// Who is at home where.
class Homes {
 public:
  Homes(const std::vector<Grant>& grants, const RegionTree& regions) : regions_(regions) {
    for (const Grant& grant : grants) {
      of_partner_[grant.partner].push_back(&grant);
      for (const std::string& region : grant.scope.regions) naming_[region].push_back(&grant);
    }
  }

  // By partner, the regions that its grants name and that this one lies in.
  std::map<std::string, Names> Of(const std::string& region, Date day, const std::string& product_line) const {
    std::map<std::string, Names> homes;
    if (region.empty()) return homes;
    const auto add = [&](const std::string& name) {
      const auto grants = naming_.find(name);
      if (grants == naming_.end()) return;
      for (const Grant* grant : grants->second) {
        if (HoldsFor(*grant, day, product_line)) homes[grant->partner].insert(name);
      }
    };
    add(region);
    for (const std::string& above : regions_.Ancestors(region)) add(above);
    return homes;
  }

  bool IsAuthorized(const std::string& partner, Date day, const std::string& product_line) const {
    bool authorized = false;
    ForGrants(partner, day, product_line, [&](const Grant&) { authorized = true; });
    return authorized;
  }

  // Of regions that one region lies in.
  std::string TerritoryAmong(const Names& named, const std::string& owner, Date day,
                             const std::string& product_line) const {
    std::optional<std::string> widest, narrowest;
    for (const std::string& region : named) {
      if (!narrowest || regions_.Within(region, *narrowest)) narrowest = region;
      bool is_home = false;
      ForGrants(owner, day, product_line, [&](const Grant& grant) {
        for (const std::string& home : grant.scope.regions) is_home = is_home || regions_.Within(home, region);
      });
      if (!is_home && (!widest || regions_.Within(*widest, region))) widest = region;
    }
    return widest ? *widest : narrowest.value_or("");
  }

 private:
  template <typename Visit>
  void ForGrants(const std::string& partner, Date day, const std::string& product_line, Visit visit) const {
    const auto grants = of_partner_.find(partner);
    if (grants == of_partner_.end()) return;
    for (const Grant* grant : grants->second) {
      if (HoldsFor(*grant, day, product_line)) visit(*grant);
    }
  }

  const RegionTree& regions_;
  std::map<std::string, std::vector<const Grant*>> of_partner_;
  std::map<std::string, std::vector<const Grant*>> naming_;  // by region
};

// Goes through what is told of one unit, in its order.
class Way {
 public:
  Way(const Homes& homes, std::vector<OutsideUnit>* outside) : homes_(homes), outside_(outside) {}

  void Go(std::span<const UnitEvent> events) {
    for (size_t i = 0; i < events.size();) {
      size_t end = i + 1;
      while (end < events.size() && events[end].date == events[i].date && events[end].kind == events[i].kind) ++end;
      if (events[i].kind == Kind::kTakenOver) {
        TakeOver(events.subspan(i, end - i));
      } else {
        for (const UnitEvent& event : events.subspan(i, end - i)) Step(event);
      }
      i = end;
    }
  }

 private:
  void Hold(const UnitEvent& event) {
    holder_ = event.partner;
    product_line_ = event.product_line;
    lot_ = event.lot;
  }

  void Step(const UnitEvent& event) {
    switch (event.kind) {
      case Kind::kReturned:
        holder_.clear();
        return;
      case Kind::kShipped:
        Hold(event);
        return;
      case Kind::kTakenOver:
        return;  // all of a day together
      case Kind::kSeen:
      case Kind::kSold:
        See(event);
        return;
    }
  }

  // Of one day, in the order in which one hands over to the next.
  void TakeOver(std::span<const UnitEvent> events) {
    std::vector<bool> done(events.size());
    for (bool moved = true; moved;) {
      moved = false;
      for (size_t i = 0; i < events.size(); ++i) {
        const UnitEvent& event = events[i];
        if (done[i] || (!holder_.empty() && holder_ != event.giver)) continue;
        done[i] = true;
        if (!homes_.IsAuthorized(event.giver, event.date, event.product_line) ||
            !homes_.IsAuthorized(event.partner, event.date, event.product_line)) {
          continue;
        }
        Hold(event);
        moved = true;
      }
    }
  }

  void See(const UnitEvent& event) {
    const bool sold = event.kind == Kind::kSold;
    if (holder_.empty()) {
      if (sold) Hold(event);
      return;
    }
    const std::map<std::string, Names> homes = homes_.Of(event.region, event.date, product_line_);
    if (homes.empty() || homes.contains(holder_)) return;
    Names at_home, named;
    for (const auto& [partner, regions] : homes) {
      at_home.insert(partner);
      named.insert(regions.begin(), regions.end());
    }
    OutsideUnit unit{.serial = event.serial,
                     .lot = lot_,
                     .owner = holder_,
                     .region = event.region,
                     .territory = homes_.TerritoryAmong(named, holder_, event.date, product_line_),
                     .at_home = std::move(at_home),
                     .date = event.date};
    if (sold && homes.contains(event.partner)) {
      unit.at_home = {event.partner};
      holder_ = event.partner;
    }
    outside_->push_back(std::move(unit));
  }

  const Homes& homes_;
  std::vector<OutsideUnit>* outside_;
  std::string holder_;  // empty: nobody, as far as is known
  std::string product_line_;
  std::string lot_;
};

}  // namespace

std::vector<OutsideUnit> FollowUnits(std::vector<UnitEvent> events, const std::vector<Grant>& grants,
                                     const RegionTree& regions) {
  std::sort(events.begin(), events.end(), [](const UnitEvent& a, const UnitEvent& b) {
    return std::tie(a.serial, a.date, a.kind, a.source) < std::tie(b.serial, b.date, b.kind, b.source);
  });
  const Homes homes(grants, regions);
  std::vector<OutsideUnit> outside;
  const std::span<const UnitEvent> all = events;
  for (size_t start = 0, end = 0; start < all.size(); start = end) {
    while (end < all.size() && all[end].serial == all[start].serial) ++end;
    Way(homes, &outside).Go(all.subspan(start, end - start));
  }
  std::sort(outside.begin(), outside.end(), [](const OutsideUnit& a, const OutsideUnit& b) {
    return std::tie(a.serial, a.date, a.region, a.owner) < std::tie(b.serial, b.date, b.region, b.owner);
  });
  return outside;
}

}  // namespace tributary::conflict
