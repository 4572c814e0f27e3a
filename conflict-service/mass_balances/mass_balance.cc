#include "conflict-service/mass_balances/mass_balance.h"

#include <algorithm>
#include <utility>

#include "common/digest/sha256.h"
#include "common/text/text.h"

namespace tributary::conflict {
namespace {

Decimal Sum(const std::map<std::string, Decimal>& amounts) {
  Decimal sum;
  for (const auto& [partner, amount] : amounts) sum += amount;
  return sum;
}

// What a partner's reconciliations say of a balance.
struct OfPartner {
  std::optional<ReconciledGap> whole;  // of all lots together
  std::map<std::string, ReconciledGap> lots;
};

void AddMissing(const ReconciledGap& reconciled, PartnerGap* gap) {
  const auto miss = [&](const char* report) {
    gap->missing.push_back(
        StrCat(report, reconciled.lot ? StrCat(" report of lot '", *reconciled.lot, "'") : std::string(" report")));
  };
  if (!reconciled.opening_reported) miss("opening");
  if (!reconciled.reported) miss("closing");
}

PartnerGap SumOf(const std::string& partner, const std::vector<const ReconciledGap*>& parts) {
  PartnerGap sum{.partner = partner, .gap = Decimal(), .missing = {}};
  for (const ReconciledGap* part : parts) {
    AddMissing(*part, &sum);
    if (sum.missing.empty()) *sum.gap += *GapOf(*part);
  }
  if (!sum.missing.empty()) sum.gap.reset();
  return sum;
}

// nullopt where the partner has nothing to do with it.
std::optional<PartnerGap> PartnerGapOf(const BalanceKey& key, const std::string& partner, const OfPartner& of) {
  if (!of.whole && of.lots.empty()) {
    return PartnerGap{.partner = partner, .gap = std::nullopt, .missing = {"reconciliation"}};
  }
  if (!key.lot) {
    if (of.whole) return SumOf(partner, {&*of.whole});
    std::vector<const ReconciledGap*> lots;
    for (const auto& [lot, reconciled] : of.lots) lots.push_back(&reconciled);
    return SumOf(partner, lots);
  }
  if (const auto lot = of.lots.find(*key.lot); lot != of.lots.end()) return SumOf(partner, {&lot->second});
  if (!of.whole) return std::nullopt;
  return PartnerGap{.partner = partner, .gap = std::nullopt, .missing = {"reports by lot"}};
}

// With what the partner's kits say.
std::optional<PartnerGap> WithKits(const BalanceKey& key, const std::string& partner, std::optional<PartnerGap> gap,
                                   const KitPart& kits) {
  const bool nothing = kits.missing.empty() && kits.gap == Decimal();
  if (key.lot && nothing) return gap;
  PartnerGap sum = gap.value_or(PartnerGap{.partner = partner, .gap = Decimal(), .missing = {}});
  if (key.lot) {
    sum.missing.emplace_back("lots of what kits hold");
  } else {
    sum.missing.insert(sum.missing.end(), kits.missing.begin(), kits.missing.end());
  }
  if (!sum.missing.empty()) {
    sum.gap.reset();
  } else {
    *sum.gap += *kits.gap;
  }
  return sum;
}

}  // namespace

std::string BalanceKey::id() const {
  return Sha256Hex(StrCat(product, "\n", lot ? StrCat("lot ", *lot) : std::string("all lots"), "\n",
                          period.start.ToString(), "\n", period.end.ToString()))
      .substr(0, 32);
}

std::string BalanceKey::name() const { return StrCat("massBalances/", id()); }

BalanceKey MonthOf(const std::string& product, Date day) {
  const Date start = day.AddDays(1 - day.day());
  const Date next = start.AddDays(31);
  return {.product = product, .lot = {}, .period = {start, next.AddDays(1 - next.day())}};
}

std::optional<Decimal> GapOf(const ReconciledGap& reconciled) {
  if (!reconciled.opening_reported || !reconciled.reported) return std::nullopt;
  const Decimal arrived =
      reconciled.opening_in_transit + reconciled.sell_in + reconciled.transferred_in - reconciled.in_transit;
  return *reconciled.opening_reported + arrived - reconciled.sell_through - reconciled.transferred_out -
         *reconciled.reported;
}

std::vector<Flow> FlowsBetween(const std::map<std::string, Decimal>& gaps) {
  std::map<std::string, Decimal> short_of, surplus;
  for (const auto& [partner, gap] : gaps) {
    if (gap > Decimal()) short_of.emplace(partner, gap);
    if (gap.negative()) surplus.emplace(partner, -gap);
  }
  const Decimal all_short = Sum(short_of), all_surplus = Sum(surplus);
  std::vector<Flow> flows;
  for (const auto& [from, s] : short_of) {
    for (const auto& [to, t] : surplus) {
      // All of the lesser side is matched: what the others of the other side cannot take up, this pair must.
      const Decimal forced = all_surplus <= all_short ? t - (all_short - s) : s - (all_surplus - t);
      flows.push_back({from, to, std::max(Decimal(), forced), std::min(s, t)});
    }
  }
  return flows;
}

MassBalance BalanceOf(const BalanceKey& key, const std::vector<ReconciledGap>& reconciled,
                      const std::set<std::string>& handling, const std::map<std::string, KitPart>& kits) {
  std::map<std::string, OfPartner> partners;
  std::set<std::string> own = handling;  // who has to do with the product itself
  for (const std::string& partner : handling) partners.try_emplace(partner);
  for (const ReconciledGap& gap : reconciled) {
    OfPartner& of = partners[gap.partner];
    own.insert(gap.partner);
    if (gap.lot) {
      of.lots.insert_or_assign(*gap.lot, gap);
    } else {
      of.whole = gap;
    }
  }
  for (const auto& [partner, part] : kits) partners.try_emplace(partner);
  MassBalance balance;
  std::map<std::string, Decimal> gaps;
  for (const auto& [partner, of] : partners) {
    std::optional<PartnerGap> gap;
    if (own.contains(partner)) gap = PartnerGapOf(key, partner, of);
    const auto part = kits.find(partner);
    if (part != kits.end()) gap = WithKits(key, partner, std::move(gap), part->second);
    if (!gap) continue;
    if (of.whole) balance.reconciled.push_back(*of.whole);
    for (const auto& [lot, reconciled_lot] : of.lots) balance.reconciled.push_back(reconciled_lot);
    if (part != kits.end()) {
      balance.reconciled.insert(balance.reconciled.end(), part->second.reconciled.begin(),
                                part->second.reconciled.end());
    }
    if (gap->gap) {
      gaps.emplace(partner, *gap->gap);
    } else {
      balance.unknown = true;
    }
    balance.gaps.push_back(*std::move(gap));
  }
  if (balance.gaps.empty()) balance.unknown = true;
  if (balance.unknown) return balance;
  balance.flows = FlowsBetween(gaps);
  const Decimal net = Sum(gaps);
  balance.unmatched_shortfall = std::max(Decimal(), net);
  balance.unmatched_surplus = std::max(Decimal(), -net);
  return balance;
}

}  // namespace tributary::conflict
