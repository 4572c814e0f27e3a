#include "incentive-service/engine/unit_funding.h"

#include <algorithm>
#include <set>
#include <utility>

namespace tributary::incentive {
namespace {

// The incentives that exclude this one, itself among them, class by class.
std::vector<std::set<std::string>> ClassesOf(absl::Span<const ExclusiveClass> classes, const std::string& incentive) {
  std::vector<std::set<std::string>> of = {{incentive}};
  for (const ExclusiveClass& one : classes) {
    if (std::find(one.begin(), one.end(), incentive) != one.end()) of.emplace_back(one.begin(), one.end());
  }
  return of;
}

}  // namespace

std::string_view NameOf(UnitRefusal refusal) {
  return refusal == UnitRefusal::kUnitsUnknown ? "UNITS_UNKNOWN" : "UNIT_ALREADY_FUNDED";
}

std::vector<FundedUnits> FundUnits(absl::Span<const ExclusiveClass> classes, const std::map<std::string, Decimal>& sold,
                                   absl::Span<const UnitClaim> paid, absl::Span<const UnitClaim> claims) {
  std::map<std::pair<std::string, std::string>, Decimal> funded;  // by units and incentive
  std::map<std::string, Decimal> by_fact;
  const auto fund = [&](const UnitClaim& claim, Decimal quantity) {
    if (by_fact.emplace(claim.fact, quantity).second) funded[{claim.units, claim.incentive}] += quantity;
  };
  for (const UnitClaim& one : paid) fund(one, one.quantity);

  std::vector<FundedUnits> outcome;
  for (const UnitClaim& claim : claims) {
    FundedUnits next{.fact = claim.fact};
    if (const auto before = by_fact.find(claim.fact); before != by_fact.end()) {
      next.funded = before->second;
      outcome.push_back(std::move(next));
      continue;
    }
    const auto known = sold.find(claim.units);
    const Decimal there = known == sold.end() ? Decimal() : known->second;
    Decimal free = there;
    for (const std::set<std::string>& one : ClassesOf(classes, claim.incentive)) {
      Decimal left = there;
      for (const std::string& incentive : one) {
        if (const auto used = funded.find({claim.units, incentive}); used != funded.end()) left -= used->second;
      }
      free = std::min(free, std::max(Decimal(), left));
    }
    next.funded = std::min(claim.quantity, free);
    next.unknown = std::max(Decimal(), claim.quantity - there);
    next.already_funded = claim.quantity - next.unknown - next.funded;
    fund(claim, next.funded);
    outcome.push_back(std::move(next));
  }
  return outcome;
}

}  // namespace tributary::incentive
