#include "conflict-service/deals/scope_check.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace tributary::conflict {
namespace {

using Names = std::vector<std::string>;

NameSet LeavesOf(const Names& regions, const Places& places) {
  Names leaves;
  for (const std::string& region : regions) {
    const auto found = places.leaves.find(region);
    if (found == places.leaves.end() || found->second.empty()) {
      leaves.push_back(region);
    } else {
      leaves.insert(leaves.end(), found->second.begin(), found->second.end());
    }
  }
  return NameSet::Of(std::move(leaves));
}

// The child of the root that `leaf` lies in; a root, and a leaf that nobody has placed, is itself.
std::string FirstLevel(const std::string& leaf, const RegionTree& tree) {
  for (const std::string& region : tree.Ancestors(leaf)) {
    if (tree.Ancestors(region).size() == 1) return region;
  }
  return leaf;
}

Date LastOfMonth(Date day) {
  const int months = day.year() * 12 + day.month();  // of the month after, from year 0
  const auto first = Date::FromYmd(months / 12, months % 12 + 1, 1);
  return first.ok() ? first->AddDays(-1) : OpenEnd();
}

NameSet CodesOf(const Names& codes) { return codes.empty() ? NameSet::All() : NameSet::Of(codes); }

void Append(std::vector<Box> more, std::vector<Box>* boxes) {
  boxes->insert(boxes->end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// All that the other one holds or waits for.
std::vector<Box> Standing(const Deal& other, const Places& places) {
  std::vector<Box> boxes = Held(other, places);
  if (other.Claims()) boxes.push_back(Requested(other, places));
  return boxes;
}

Names Merged(const Names& a, const Names& b) {
  Names merged;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(merged));
  return merged;
}

}  // namespace

Box Requested(const Deal& deal, const Places& places) {
  return {CodesOf(deal.scope.product_lines), LeavesOf(deal.scope.regions, places), CodesOf(deal.scope.routes),
          deal.scope.time};
}

Box WithLeaves(Box box, const Places& places) {
  box.regions = LeavesOf(box.regions.names, places);
  return box;
}

std::vector<Box> Held(const Deal& deal, const Places& places) {
  std::vector<Box> held;
  for (const auto* boxes : {&deal.granted, &deal.waitlisted}) {
    for (const Box& box : *boxes) held.push_back(WithLeaves(box, places));
  }
  return held;
}

bool MayMeet(const Deal& a, const Deal& b) { return a.partner != b.partner && a.Blocks() && b.Blocks(); }

bool Meet(const Deal& deal, const Deal& other, const Places& places) {
  const Box wanted = Requested(deal, places);
  const std::vector<Box> standing = Standing(other, places);
  return std::any_of(standing.begin(), standing.end(),
                     [&wanted](const Box& box) { return Intersect(wanted, box).has_value(); });
}

std::vector<Box> TakenBefore(const Deal& deal, const std::vector<Deal>& others, const Places& places) {
  // What it holds already, of an appeal, nobody who came since goes before.
  return TakenBefore(deal, others, deal.sequence, Held(deal, places), places);
}

std::vector<Box> TakenBefore(const Deal& deal, const std::vector<Deal>& others, int64_t sequence,
                             const std::vector<Box>& held, const Places& places) {
  std::vector<Box> taken = HeldByOthers(deal, others, places);
  for (const Deal& other : others) {
    if (other.partner == deal.partner || !other.Claims() || other.sequence > sequence) continue;
    for (Remainder& part : Minus(Requested(other, places), held)) taken.push_back(std::move(part.box));
  }
  return taken;
}

std::vector<Box> HeldByOthers(const Deal& deal, const std::vector<Deal>& others, const Places& places) {
  std::vector<Box> taken;
  for (const Deal& other : others) {
    if (other.partner != deal.partner && other.Blocks()) Append(Held(other, places), &taken);
  }
  return taken;
}

Share ShareOf(const std::vector<Box>& wanted, const std::vector<Box>& taken) {
  Share share;
  share.whole = true;
  for (const Box& box : wanted) {
    for (const Box& one : taken) share.whole = share.whole && !Intersect(box, one).has_value();
    for (Remainder& part : Minus(box, taken)) {
      (part.waitlisted ? share.waitlisted : share.granted).push_back(std::move(part.box));
    }
  }
  return share;
}

std::optional<DealConflict> ConflictOf(const std::vector<Box>& wanted, const Deal& deal,
                                       const std::vector<Deal>& others, const Places& places) {
  std::vector<Box> taken;
  for (const Deal& other : others) {
    if (MayMeet(deal, other)) Append(Standing(other, places), &taken);
  }
  return ConflictOf(wanted, taken, places);
}

std::optional<DealConflict> ConflictOf(const std::vector<Box>& wanted, const std::vector<Box>& taken,
                                       const Places& places) {
  std::set<std::string> lines, regions;
  bool every_line = false;
  std::optional<Date> end;
  for (const Box& box : taken) {
    for (const Box& own : wanted) {
      const std::optional<Box> shared = Intersect(own, box);
      if (!shared) continue;
      every_line |= shared->product_lines.all_but;
      lines.insert(shared->product_lines.names.begin(), shared->product_lines.names.end());
      for (const std::string& leaf : shared->regions.names) regions.insert(FirstLevel(leaf, places.tree));
      end = std::max(end.value_or(shared->time.end), shared->time.end);
    }
  }
  if (!end) return std::nullopt;
  if (every_line) lines.clear();
  return DealConflict{
      {lines.begin(), lines.end()}, {regions.begin(), regions.end()}, LastOfMonth(end->AddDays(-1)), {}};
}

std::optional<DealConflict> Together(const std::optional<DealConflict>& a, const std::optional<DealConflict>& b) {
  if (!a || !b) return a ? a : b;
  DealConflict both;
  both.until = std::max(a->until, b->until);
  both.contest_end = b->contest_end ? b->contest_end : a->contest_end;
  if (!a->product_lines.empty() && !b->product_lines.empty()) {
    both.product_lines = Merged(a->product_lines, b->product_lines);
  }
  both.regions = Merged(a->regions, b->regions);
  return both;
}

Date AddBusinessDays(Date from, int business_days, const std::vector<Date>& holidays) {
  Date day = from;
  while (business_days > 0) {
    day = day.AddDays(1);
    const int weekday = ((day.days() % 7) + 7) % 7;  // 1970-01-01 was a Thursday: 2 is Saturday, 3 Sunday
    if (weekday == 2 || weekday == 3) continue;
    if (std::find(holidays.begin(), holidays.end(), day) != holidays.end()) continue;
    --business_days;
  }
  return day;
}

}  // namespace tributary::conflict
