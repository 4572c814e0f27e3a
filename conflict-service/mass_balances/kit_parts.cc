#include "conflict-service/mass_balances/kit_parts.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/text/text.h"

namespace tributary::conflict {
namespace {

// A kit may hold kits, eight levels down; deeper ones are told in the wrong order.
constexpr int kDeepest = 8;

Rational UnitsBelow(const std::vector<KitComponent>& components, const std::string& kit, const std::string& product,
                    Date day, int levels) {
  Rational units;
  if (levels == 0) return units;
  for (const KitComponent& one : components) {
    if (one.kit != kit || !one.effective.Contains(day)) continue;
    const Rational each = one.component == product ? Rational::FromInt(1)
                                                   : UnitsBelow(components, one.component, product, day, levels - 1);
    units = units + Rational(one.quantity) * each;
  }
  return units;
}

// How much of the product is in a kit on the days of a period.
struct Held {
  Rational first, last;
  bool changes = false;  // within the period
  bool any = false;
};

Held HeldIn(const std::vector<KitComponent>& components, const std::string& kit, const BalanceKey& key) {
  Held held;
  held.first = held.last = UnitsIn(components, kit, key.product, key.period.start);
  for (Date day = key.period.start; day < key.period.end; day = day.AddDays(1)) {
    const Rational units = UnitsIn(components, kit, key.product, day);
    held.changes = held.changes || !(units == held.first);
    held.any = held.any || !units.zero();
    held.last = units;
  }
  return held;
}

// The sums of one partner, before they are rounded to nothing but a quantity.
struct Sums {
  Rational gap;
  std::vector<std::string> missing;
  std::vector<ReconciledGap> reconciled;
};

void Miss(const std::string& what, const ReconciledGap& row, Sums* sums) {
  sums->missing.push_back(StrCat(what, " of ", row.product));
}

void AddRow(const ReconciledGap& row, const Held& held, Sums* sums) {
  sums->reconciled.push_back(row);
  if (!row.opening_reported) Miss("opening report", row, sums);
  if (!row.reported) Miss("closing report", row, sums);
  if (!row.opening_reported || !row.reported) return;
  const Decimal arrived = row.opening_in_transit + row.sell_in + row.transferred_in - row.in_transit;
  const Decimal moved = arrived - row.transferred_out;
  if (held.changes && (!arrived.zero() || !row.transferred_out.zero())) {
    Miss("days of what came", row, sums);
    return;
  }
  // Of a kit that changes it tells the days on which it was none: on the others what it holds was sold, and is told so.
  const Rational sold = held.changes ? Rational() : held.first * Rational(row.sell_through);
  sums->gap = sums->gap + held.first * Rational(*row.opening_reported) + held.first * Rational(moved) - sold -
              held.last * Rational(*row.reported);
}

KitPart PartOf(Sums sums) {
  KitPart part{.gap = {}, .missing = std::move(sums.missing), .reconciled = std::move(sums.reconciled)};
  const absl::StatusOr<Decimal> exact = Decimal::Parse(sums.gap.ToDecimalString());
  if (!exact.ok()) part.missing.emplace_back("a quantity of at most 6 decimals");
  if (part.missing.empty()) part.gap = *exact;
  return part;
}

}  // namespace

Rational UnitsIn(const std::vector<KitComponent>& components, const std::string& kit, const std::string& product,
                 Date day) {
  return UnitsBelow(components, kit, product, day, kDeepest);
}

DateRange DaysIn(const std::vector<KitComponent>& components, const std::string& kit, const BalanceKey& key) {
  DateRange days{key.period.end, key.period.end};
  for (Date day = key.period.start; day < key.period.end; day = day.AddDays(1)) {
    if (UnitsIn(components, kit, key.product, day).zero()) continue;
    days = {std::min(days.start, day), day.AddDays(1)};
  }
  return days;
}

std::map<std::string, KitPart> KitPartsOf(const BalanceKey& key, const std::vector<KitComponent>& components,
                                          const std::vector<ReconciledGap>& reconciled,
                                          const std::map<std::string, std::set<std::string>>& sellers,
                                          const std::map<std::string, std::set<std::string>>& handling,
                                          const std::set<std::string>& own) {
  std::set<std::string> kits;
  for (const KitComponent& one : components) kits.insert(one.kit);
  std::map<std::string, Sums> sums;
  for (const std::string& kit : kits) {
    const Held held = HeldIn(components, kit, key);
    if (!held.any) continue;
    // Of a partner that tells a kit's lots and all together, all together.
    std::set<std::string> whole, told;
    for (const ReconciledGap& row : reconciled) {
      if (row.product != kit) continue;
      told.insert(row.partner);
      if (!row.lot) whole.insert(row.partner);
    }
    for (const ReconciledGap& row : reconciled) {
      if (row.product != kit || (row.lot && whole.contains(row.partner))) continue;
      AddRow(row, held, &sums[row.partner]);
    }
    if (const auto sold = sellers.find(kit); sold != sellers.end()) {
      for (const std::string& partner : sold->second) sums[partner].missing.push_back(StrCat("lots sold in ", kit));
    }
    const auto handled = handling.find(kit);
    if (handled == handling.end()) continue;
    for (const std::string& partner : handled->second) {
      if (told.contains(partner) || own.contains(partner)) continue;
      sums[partner].missing.push_back(StrCat("reconciliation of ", key.product, " for ", kit));
    }
  }
  std::map<std::string, KitPart> parts;
  for (auto& [partner, of_partner] : sums) parts.emplace(partner, PartOf(std::move(of_partner)));
  return parts;
}

}  // namespace tributary::conflict
