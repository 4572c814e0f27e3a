#include <algorithm>
#include <map>
#include <utility>

#include "common/money/money.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "incentive-service/claims/due.h"
#include "incentive-service/engine/exact.h"
#include "incentive-service/engine/price_protection.h"
#include "incentive-service/engine/ship_and_debit.h"

namespace tributary::incentive {
namespace {

DenialReason ReasonOf(DebitRefusal refusal) { return static_cast<DenialReason>(static_cast<int>(refusal)); }
DenialReason ReasonOf(ProtectionDenial denial) {
  constexpr int kBehind = static_cast<int>(DebitRefusal::kOverAuthorizedQuantity);
  return static_cast<DenialReason>(kBehind + static_cast<int>(denial));
}

Rational Of(Decimal quantity, const Rational& price) { return Rational(quantity) * price; }

// What a sale under a special price is worth, beside what others have of it.
struct SaleOfClaim {
  const DebitLine* debit = nullptr;         // null: the sale is not known
  Decimal here;                             // units that claims against the same special price were approved for before
  Decimal elsewhere;                        // against others, and of kinds that exclude this one
  std::map<std::string, Decimal> approved;  // of all these, by line of a shipment
};

// The units of the sale that cost more than was approved.
std::vector<ConsumedUnits> UnitsAbove(const SpecialPriceAuthorization& authorization, const LayerHistory& history,
                                      const std::string& sale, const std::map<std::string, Decimal>& approved) {
  std::vector<ConsumedUnits> units = UnitsLeft(history, sale, approved);
  std::erase_if(units, [&](const ConsumedUnits& one) {
    return !one.unit_price.has_value() || one.currency != authorization.currency ||
           *one.unit_price <= Rational(authorization.approved_cost);
  });
  return units;
}

DueLine DueOfSale(const ClaimLine& line, const SaleOfClaim& sale, const FundedUnits& funded, bool decided,
                  const std::vector<ConsumedUnits>& units, ShippedUnits* shipped) {
  DueLine due;
  const Rational claimed(line.unit_amount);
  Decimal rest = funded.funded;
  Decimal excluded;
  if (sale.debit != nullptr) {
    Decimal quantity = std::min(rest, std::max(Decimal(), sale.debit->debited - sale.here));
    if (decided) quantity = std::min(quantity, line.approved_quantity);
    rest -= quantity;
    if (!quantity.zero()) {
      const Rational cost = std::min(claimed, sale.debit->amount / Rational(sale.debit->debited));
      excluded = AddUnits(units, quantity, cost, shipped, &due);
      Deny(DenialReason::kLayerPrice, due.quantity, Of(due.quantity, claimed - cost), &due);
    }
    for (const RefusedUnits& refused : sale.debit->refused) {
      const Decimal refusal = std::min(rest, refused.quantity);
      rest -= refusal;
      Deny(ReasonOf(refused.reason), refusal, Of(refusal, claimed), &due);
    }
  }
  const Decimal already = funded.already_funded + excluded;
  Deny(DenialReason::kUnitsUnknown, funded.unknown, Of(funded.unknown, claimed), &due);
  Deny(DenialReason::kUnitAlreadyFunded, already, Of(already, claimed), &due);
  return due;
}

// Takes of the exposure what was paid for before, against the change or by kinds that exclude it, and says how many
// units that is.
Decimal TakeFunded(const Claim& claim, const std::vector<OtherLine>& others, ShippedUnits* shipped,
                   CutExposure* exposure) {
  std::map<std::string, Decimal> funded;
  for (const OtherLine& other : others) {
    if (other.price_change != claim.price_change || !ComesBefore(other, claim)) continue;
    for (const ApprovedLayer& layer : other.layers) funded[layer.line] += layer.quantity;
  }
  Decimal all;
  std::vector<ExposedUnits> left;
  for (ExposedUnits& line : exposure->lines) {
    Decimal taken;
    if (line.reason == Unprotected::kNone) {
      Decimal& paid = funded[line.layer.line];
      taken = std::min(paid, line.layer.remaining);
      paid -= taken;
      const Decimal open = line.layer.remaining - taken;
      taken += open - shipped->Take(line.layer.line, open);
    }
    all += taken;
    const Decimal rest = line.layer.remaining - taken;
    if (rest.zero()) continue;
    if (!taken.zero()) line.credit = line.credit * Rational(rest) / Rational(line.layer.remaining);
    line.layer.remaining = rest;
    left.push_back(std::move(line));
  }
  exposure->lines = std::move(left);
  return all;
}

}  // namespace

Due DueOf(const Claim& claim, const SpecialPriceAuthorization& authorization, const StockBook& book,
          const std::vector<OtherLine>& others, const std::vector<ExclusiveClass>& classes, Date today) {
  std::map<std::string, Date> claimed_on;
  std::map<std::string, Decimal> reserved;
  std::map<std::string, SaleOfClaim> of_claim;
  std::vector<UnitClaim> paid;
  std::vector<CustomerReturn> returns = book.returns;
  const auto reserve = [&](const std::string& sale, Date day, Decimal units) {
    const auto [known, fresh] = claimed_on.try_emplace(sale, day);
    if (!fresh) known->second = std::min(known->second, day);
    reserved[sale] += units;
  };
  for (const ClaimLine& line : claim.lines) {
    reserve(line.sale, UtcToday(claim.create_time), line.approved_quantity);
    of_claim[line.sale];
  }
  for (const OtherLine& other : others) {
    if (!Exclude(classes, claim.kind, other.kind)) continue;
    const bool before = ComesBefore(other, claim);
    // One line of another partner's may be of units of several sales here.
    const std::string fact = StrCat(other.claim, "/", other.ordinal, "/", other.sale);
    if (before) paid.push_back({fact, std::string(NameOf(other.kind)), other.sale, other.approved_quantity});
    const auto sale = of_claim.find(other.sale);
    const bool here = other.special_price == authorization.id;
    if (here) {
      reserve(other.sale, other.claimed_on, other.approved_quantity);
    } else if (before) {
      // Units that are paid for elsewhere use nothing of this quantity, as if they had come back.
      returns.push_back({fact, other.sale, other.approved_quantity});
    }
    if (!before || sale == of_claim.end()) continue;
    (here ? sale->second.here : sale->second.elsewhere) += other.approved_quantity;
    for (const ApprovedLayer& layer : other.layers) sale->second.approved[layer.line] += layer.quantity;
  }
  std::vector<CustomerSale> sales = book.sales;
  for (CustomerSale& sale : sales) {
    if (const auto day = claimed_on.find(sale.fact); day != claimed_on.end()) sale.claimed_on = day->second;
  }
  std::vector<ApprovedSale> approved;
  for (const auto& [sale, units] : reserved) approved.push_back({sale, units});
  const Debit debit =
      DebitOf(TermsOf(authorization), book.history, std::move(sales), std::move(returns), approved, today);

  std::map<std::string, Decimal> sold;
  for (const DebitLine& line : debit.lines) {
    const auto sale = of_claim.find(line.fact);
    if (sale == of_claim.end()) continue;
    sale->second.debit = &line;
    sold[line.fact] = line.quantity + sale->second.elsewhere;
  }
  std::vector<UnitClaim> wanted;
  for (const ClaimLine& line : claim.lines) {
    wanted.push_back({StrCat(claim.id, "/", line.sale), std::string(NameOf(claim.kind)), line.sale, line.quantity});
  }
  const std::vector<FundedUnits> funded = FundUnits(classes, sold, paid, wanted);
  ShippedUnits shipped(claim, book, others, classes);
  Due due;
  for (size_t i = 0; i < claim.lines.size(); ++i) {
    const ClaimLine& line = claim.lines[i];
    const SaleOfClaim& sale = of_claim[line.sale];
    const std::vector<ConsumedUnits> units = UnitsAbove(authorization, book.history, line.sale, sale.approved);
    due.lines.push_back(DueOfSale(line, sale, funded[i], claim.turn != 0, units, &shipped));
    due.amount = due.amount + due.lines.back().amount;
  }
  return due;
}

absl::StatusOr<std::optional<ClaimLine>> ProposeLine(const Claim& claim, const PriceChange& change,
                                                     const StockBook& book, const std::vector<OtherLine>& others,
                                                     const std::vector<ExclusiveClass>& classes, Date today) {
  CutExposure exposure = ExposureTo(book.history, ProtectionOf(change, ReportedAt(book, change.effective_date)), today);
  ShippedUnits shipped(claim, book, others, classes);
  TakeFunded(claim, others, &shipped, &exposure);
  ClaimLine line;
  Rational most;
  for (const ExposedUnits& units : exposure.lines) {
    if (units.reason != Unprotected::kNone) continue;
    line.quantity += units.layer.remaining;
    most = std::max(most, units.credit / Rational(units.layer.remaining));
  }
  if (!Positive(most)) return std::optional<ClaimLine>();
  ASSIGN_OR_RETURN(const int64_t minor, ToMinorUnits(most, claim.currency, Rounding::kCeiling));
  ASSIGN_OR_RETURN(line.unit_amount, FromMinorUnits(minor, claim.currency));
  const Rational all = Of(line.quantity, Rational(line.unit_amount));
  ASSIGN_OR_RETURN(const int64_t amount, ToMinorUnits(all, claim.currency, Rounding::kHalfEven));
  if (amount == 0) return std::optional<ClaimLine>();
  return std::optional<ClaimLine>(std::move(line));
}

Due DueOf(const Claim& claim, const PriceChange& change, const StockBook& book, const std::vector<OtherLine>& others,
          const std::vector<ExclusiveClass>& classes, Date today) {
  CutExposure exposure = ExposureTo(book.history, ProtectionOf(change, ReportedAt(book, change.effective_date)), today);
  ShippedUnits shipped(claim, book, others, classes);
  const Decimal already = TakeFunded(claim, others, &shipped, &exposure);
  Due due;
  for (const ClaimLine& line : claim.lines) {
    const Rational claimed(line.unit_amount);
    // Once it is decided, what was not approved may be another's.
    const Decimal units = claim.turn == 0 ? line.quantity : std::min(line.quantity, line.approved_quantity);
    const ProtectionDecision decision = DecideProtection(exposure, {units, claimed});
    DueLine next{.amount = decision.approved_amount};
    for (const ApprovedUnits& approved : decision.approved) {
      next.quantity += approved.layer.remaining;
      next.layers.push_back({approved.layer.line, approved.in_transit, approved.layer.remaining, approved.amount});
    }
    for (const DeniedUnits& denied : decision.denied) {
      // Units that are nowhere else are those that were paid for before.
      const Decimal funded =
          denied.reason == ProtectionDenial::kNotOnHand ? std::min(already, denied.units) : Decimal();
      const Rational of_funded = Of(funded, claimed);
      Deny(ReasonOf(denied.reason), denied.units - funded, denied.amount - of_funded, &next);
      Deny(DenialReason::kUnitAlreadyFunded, funded, of_funded, &next);
    }
    due.amount = due.amount + next.amount;
    due.lines.push_back(std::move(next));
  }
  return due;
}

}  // namespace tributary::incentive
