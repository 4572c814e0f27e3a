#include "incentive-service/simulations/simulation.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/accruals/baseline.h"
#include "incentive-service/accruals/pricing.h"
#include "incentive-service/engine/resident/straight_terms.h"
#include "incentive-service/opening_balances/opening_volume.h"
#include "incentive-service/programs/revision.h"
#include "incentive-service/statements/guarantee_entry.h"

namespace tributary::incentive {
namespace {

absl::Status TooLarge() { return Error(Reason::kOverflow, "a sum of the simulation does not fit 64 bits"); }

// What each partner earns, by partner and the period's id.
using Earnings = std::map<std::string, std::map<std::string, int64_t>>;

// The partner's result among those by partner; made where it had no line.
PartnerResult& ResultOf(const std::string& partner, std::vector<PartnerResult>* partners) {
  auto at = std::lower_bound(partners->begin(), partners->end(), partner,
                             [](const PartnerResult& one, const std::string& id) { return one.partner < id; });
  if (at == partners->end() || at->partner != partner) at = partners->insert(at, PartnerResult{.partner = partner});
  return *at;
}

// Adds what the guarantee tops up and recoups of partners that are named, in periods up to and with `last`.
absl::Status AddGuarantee(const Program& program, const Period& last, const Earnings& earnings,
                          std::map<std::string, PeriodResult>* periods, SimulationResult* result) {
  const std::vector<Period> whole = PeriodsUpTo(program, last);
  for (const std::string& name : program.eligibility.partners) {
    if (!program.eligibility.Includes(name)) continue;
    const auto known = earnings.find(name);
    std::vector<GuaranteePeriod> earned;
    earned.reserve(whole.size());
    for (const Period& period : whole) {
      earned.push_back({.period = period.id});
      if (known == earnings.end()) continue;
      const auto of_period = known->second.find(period.id);
      if (of_period != known->second.end()) earned.back().earned = of_period->second;
    }
    PartnerResult& partner = ResultOf(name, &result->partners);
    for (const GuaranteeResult& one : ApplyGuarantee(GuaranteeTermsOf(program), earned)) {
      if (one.pay == 0) continue;
      if (known == earnings.end() || !known->second.contains(one.period)) ++result->statements;
      PeriodResult& period = (*periods)[one.period];
      period.period = one.period;
      RETURN_IF_ERROR(AddMinor(one.pay, {&period.total, &partner.value, &result->total}));
    }
  }
  return absl::OkStatus();
}

// What each day brings, by partner and the period's id: where a budget is paid out by events.
using WeightsByDay = std::map<std::pair<std::string, std::string>, std::map<Date, Rational>>;

// Of totals that count in the program, as WeightOf (statements/entry.h) has it of lines.
Rational WeightOfTotal(const Program& program, const Terms& terms, const FactTotal& total, const Rates& rates) {
  if (terms.scale.shape == Shape::kPerUnit) return Rational(total.quantity);
  if (program.basis == Basis::kPaid) {
    Rational earned;
    for (const auto& [days, amount] : total.paid)
      earned = earned + Rational(amount) * Rational(RateOfDays(terms, days));
    return earned;
  }
  if (total.currency.empty() || total.currency == terms.currency) return Rational(total.amount);
  const auto rate = rates.find({total.currency, total.basis_date});
  return rate == rates.end() ? Rational() : Rational(total.amount) * rate->second;
}

WeightsByDay WeightsOf(const Program& program, absl::Span<const FactTotal> totals, const Rates& rates) {
  WeightsByDay weights;
  if (!program.budget.has_value() || program.budget->policy != BudgetPolicy::kByEvent) return weights;
  for (const FactTotal& total : totals) {
    if (!program.effective.Contains(total.basis_date)) continue;
    if (total.currency.empty() && program.needs_amounts()) continue;
    const bool converted = !total.currency.empty() && total.currency != program.terms.currency;
    if (converted && program.rate_type.empty()) continue;
    const Period period = PeriodOf(program.period, total.basis_date);
    Rational& of_day = weights[{total.partner, period.id}][total.basis_date];
    of_day = of_day + WeightOfTotal(program, TermsOn(program, period.range.start), total, rates);
  }
  return weights;
}

// Takes off what the budgets of the periods do not have. `asks`: by the period's id.
absl::Status KeepWithinBudgets(const Program& program, std::map<std::string, std::vector<BudgetAsk>> asks,
                               std::map<std::string, PeriodResult>* periods, SimulationResult* result) {
  for (auto& [id, of_period] : asks) {
    ASSIGN_OR_RETURN(const BudgetOutcome outcome,
                     FundFromBudget(program.budget->policy, program.budget_minor(), std::move(of_period)));
    PeriodResult& period = periods->at(id);
    for (const BudgetGrant& grant : outcome.grants) {
      const int64_t lacking = grant.asked - grant.funded;
      for (int64_t* sum : {&period.total, &ResultOf(grant.partner, &result->partners).value, &result->total}) {
        *sum -= lacking;
      }
    }
  }
  return absl::OkStatus();
}
// Values of one program. What an amount alone decides is worked out straight, which tells nothing of tiers and is some
// hundred times faster.
class Values {
 public:
  absl::StatusOr<int64_t> MinorOf(const Terms& terms, const AccrualSums& sums, const Pricing& pricing) {
    const bool beside = !pricing.carried.periods.empty() || pricing.carried.opening.has_value();
    if (!sums.foreign.empty() || beside) return Explained(terms, pricing);
    const auto [known, fresh] = straight_.try_emplace(&terms);
    if (fresh) {
      if (absl::StatusOr<StraightTerms> straight = StraightTerms::Of(terms); straight.ok()) {
        known->second = *std::move(straight);
      }
    }
    return known->second.has_value() ? known->second->Minor(sums.amount.micros()) : Explained(terms, pricing);
  }

 private:
  static absl::StatusOr<int64_t> Explained(const Terms& terms, const Pricing& pricing) {
    ASSIGN_OR_RETURN(const Valuation valuation, ValueOf(terms, pricing));
    return valuation.minor;
  }

  std::map<const Terms*, std::optional<StraightTerms>> straight_;  // nullopt: more decides
};

// Makes a move of nothing for each volume of a partner without a line in the period.
absl::Status AddOpened(const Program& program, const OpeningVolumes& volumes, std::vector<AccrualMove>* moves) {
  if (volumes.empty()) return absl::OkStatus();
  std::set<std::pair<std::string, std::string>> moved;  // period and partner
  for (const AccrualMove& move : *moves) moved.emplace(move.key.period, move.key.partner);
  for (const auto& [id, of_period] : volumes) {
    ASSIGN_OR_RETURN(const Period period, ParsePeriod(program.period, id));
    for (const auto& [partner, volume] : of_period) {
      if (!program.eligibility.Includes(partner) || moved.contains({id, partner})) continue;
      moves->push_back({.key = {partner, program.id, id}, .period_start = period.range.start});
    }
  }
  return absl::OkStatus();
}

// nullptr where there is none.
const OpeningVolume* VolumeOf(const OpeningVolumes& volumes, const AccrualKey& key) {
  const auto of_period = volumes.find(key.period);
  if (of_period == volumes.end()) return nullptr;
  const auto volume = of_period->second.find(key.partner);
  return volume == of_period->second.end() ? nullptr : &volume->second;
}

}  // namespace

std::string_view KeepsVolumeOut(const Program& terms, const Program& program, const Period& period) {
  const Date day = period.range.start;
  const Program tried = InForce(terms, day), own = InForce(program, day);
  if (!tried.HasDay(day) || PeriodOf(tried.period, day) != period) return "other periods";
  if (tried.terms.currency != own.terms.currency) return "another currency";
  if (tried.basis != own.basis || tried.amount_of != own.amount_of) return "another basis";
  const auto of_whom = [](Eligibility eligibility) {
    eligibility.partners.clear();
    eligibility.except_partners.clear();
    return eligibility;
  };
  if (tried.lines != own.lines || of_whom(tried.eligibility) != of_whom(own.eligibility)) return "other lines";
  return KeepsVolumesOut(tried);
}

absl::Status AddMinor(int64_t amount, std::initializer_list<int64_t*> sums) {
  for (int64_t* const sum : sums) {
    if (__builtin_add_overflow(*sum, amount, sum)) return TooLarge();
  }
  return absl::OkStatus();
}

int64_t SimulationResult::budget_at_risk() const {
  int64_t most = 0;
  for (const PeriodResult& period : periods) most = std::max(most, period.total);
  return most;
}

absl::StatusOr<SimulationResult> Simulate(const Program& program, absl::Span<const FactTotal> totals,
                                          const Rates& rates, const ScoreFacts& scores, const OpeningVolumes& volumes) {
  SimulationResult result;
  std::map<std::string, PeriodResult> periods;
  Earnings earnings;
  std::map<std::string, std::vector<BudgetAsk>> asks;
  WeightsByDay weights = WeightsOf(program, totals, rates);
  Values values;
  Date last = program.effective.start;
  // However often it would be paid, a scale is worth what its whole period is.
  Program whole = WithReferences(program);
  whole.payout_period.reset();
  std::vector<AccrualMove> accruals = MovesOf(whole, totals);
  RETURN_IF_ERROR(AddOpened(whole, volumes, &accruals));
  // Ids of a fiscal calendar's periods need not go by their days.
  std::sort(accruals.begin(), accruals.end(), [](const AccrualMove& a, const AccrualMove& b) {
    return std::tie(a.key.partner, a.period_start) < std::tie(b.key.partner, b.period_start);
  });
  CarriedInto carried;
  std::map<std::pair<std::string, std::string>, Decimal> amounts;  // by partner and period
  for (const AccrualMove& accrual : accruals) amounts[{accrual.key.partner, accrual.key.period}] = accrual.sums.amount;
  // By partner first, so that a partner's follow one another.
  for (const AccrualMove& accrual : accruals) {
    if (!program.effective.Contains(accrual.period_start)) continue;
    result.other_currency_lines += accrual.sums.other_currency_lines;
    const OpeningVolume* opening = VolumeOf(volumes, accrual.key);
    if (accrual.sums.lines == 0 && opening == nullptr) continue;
    const Terms& terms = TermsOn(program, accrual.period_start);
    Pricing pricing = PriceOf(accrual.sums, rates);
    if (program.growth.has_value()) {
      const Period scale = PeriodOf(program.period, accrual.period_start);
      const std::optional<Period> reference = ReferenceOf(program, scale);
      const Decimal amount = reference.has_value() ? amounts[{accrual.key.partner, reference->id}] : Decimal();
      pricing.baseline = BaselineOf(program, scale, accrual.key.partner, amount);
    }
    if (terms.composite.has_value()) {
      const Period scale = PeriodOf(program.period, accrual.period_start);
      pricing.figures = scores.Of(terms, scale.range, accrual.key.partner);
    }
    if (terms.carry_negative) pricing.carried = carried[accrual.key.partner];
    if (opening != nullptr) pricing.carried.opening = *opening;
    ASSIGN_OR_RETURN(const int64_t minor, values.MinorOf(terms, accrual.sums, pricing));
    if (terms.carry_negative) {
      carried[accrual.key.partner].Add({accrual.key.period, accrual.sums.amount, accrual.sums.quantity});
    }
    PeriodResult& period = periods[accrual.key.period];
    period.period = accrual.key.period;
    ++period.partners;
    if (result.partners.empty() || result.partners.back().partner != accrual.key.partner) {
      result.partners.push_back({.partner = accrual.key.partner});
    }
    PartnerResult& partner = result.partners.back();
    partner.lines += accrual.sums.lines;
    ++result.statements;
    result.lines += accrual.sums.lines;
    RETURN_IF_ERROR(AddMinor(minor, {&period.total, &partner.value, &result.total}));
    if (terms.free_goods.has_value()) {
      const Decimal due = WorkOutGoods(*terms.free_goods, pricing.goods).due;
      partner.free_goods += due;
      result.free_goods += due;
    }
    earnings[accrual.key.partner][accrual.key.period] = minor;
    if (program.budget.has_value()) {
      BudgetAsk ask{.partner = accrual.key.partner, .asked = minor};
      ask.events = EventsOf(ask.asked, weights[{accrual.key.partner, accrual.key.period}]);
      asks[accrual.key.period].push_back(std::move(ask));
    }
    last = std::max(last, accrual.period_start);
  }
  if (program.guarantee.has_value() && !periods.empty()) {
    RETURN_IF_ERROR(AddGuarantee(program, PeriodOf(program.period, last), earnings, &periods, &result));
  }
  RETURN_IF_ERROR(KeepWithinBudgets(program, std::move(asks), &periods, &result));
  for (auto& [id, period] : periods) result.periods.push_back(std::move(period));
  return result;
}

absl::Status CheckSameCurrency(std::string_view name, std::string_view currency, std::string_view simulated,
                               std::string_view field) {
  if (currency == simulated) return absl::OkStatus();
  const FieldViolation violation{std::string(field), StrCat(name, ", in ", currency),
                                 StrCat("one in ", simulated, ", as what is simulated is")};
  return WithDetail(absl::StatusCode::kInvalidArgument,
                    StrCat(violation.field, ": got ", violation.got, ", want ", violation.want),
                    {.reason = Reason::kCurrencyMismatch, .violations = {violation}});
}

DateRange DaysInCommon(const DateRange& other, const DateRange& simulated) {
  return {std::max(other.start, simulated.start), std::min(other.end, simulated.end)};
}

absl::StatusOr<Comparison> CompareWith(std::string with, const SimulationResult& other, SimulationResult* result) {
  Comparison comparison{.with = std::move(with), .total = other.total};
  std::vector<PartnerResult> partners;
  partners.reserve(std::max(result->partners.size(), other.partners.size()));
  auto ours = result->partners.begin();
  auto theirs = other.partners.begin();
  while (ours != result->partners.end() || theirs != other.partners.end()) {
    const bool from_ours =
        theirs == other.partners.end() || (ours != result->partners.end() && ours->partner <= theirs->partner);
    PartnerResult& partner =
        partners.emplace_back(from_ours ? std::move(*ours++) : PartnerResult{.partner = theirs->partner});
    const bool both = theirs != other.partners.end() && theirs->partner == partner.partner;
    partner.compared = both ? (theirs++)->value : 0;
    int64_t difference;
    if (__builtin_sub_overflow(partner.value, *partner.compared, &difference)) return TooLarge();
    if (difference > 0) {
      ++comparison.winners;
      RETURN_IF_ERROR(AddMinor(difference, {&comparison.gained}));
    } else if (difference < 0) {
      ++comparison.losers;
      if (__builtin_sub_overflow(comparison.lost, difference, &comparison.lost)) return TooLarge();
    } else {
      ++comparison.unchanged;
    }
  }
  result->partners = std::move(partners);
  return comparison;
}

}  // namespace tributary::incentive
