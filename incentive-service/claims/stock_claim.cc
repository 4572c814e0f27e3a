#include "incentive-service/claims/stock_claim.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "common/money/money.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "incentive-service/engine/price_protection.h"
#include "incentive-service/engine/ship_and_debit.h"
#include "incentive-service/engine/unit_funding.h"

namespace tributary::incentive {
namespace {

// The one incentive that is paid for units that were sold at special prices.
constexpr std::string_view kShipAndDebit = "SHIP_AND_DEBIT";

DenialReason ReasonOf(DebitRefusal refusal) { return static_cast<DenialReason>(static_cast<int>(refusal)); }
DenialReason ReasonOf(ProtectionDenial denial) {
  constexpr int kBehind = static_cast<int>(DebitRefusal::kOverAuthorizedQuantity);
  return static_cast<DenialReason>(kBehind + static_cast<int>(denial));
}

Rational Times(Decimal quantity, const Rational& price) { return Rational(quantity) * price; }

// The amounts of the lines; what is wrong with them goes to `violations`.
absl::Status AddUp(Claim* claim, std::vector<FieldViolation>* violations) {
  Rational sum;
  for (size_t i = 0; i < claim->lines.size(); ++i) {
    ClaimLine& line = claim->lines[i];
    const Rational product = Times(line.quantity, Rational(line.unit_amount));
    ASSIGN_OR_RETURN(line.amount, ToMinorUnits(product, claim->currency, Rounding::kDown));
    ASSIGN_OR_RETURN(const Decimal whole, FromMinorUnits(line.amount, claim->currency));
    if (Rational(whole) != product) {
      violations->push_back({StrCat("claim.lines[", i, "].unit_amount"), line.unit_amount.ToString(),
                             StrCat("one by which ", line.quantity.ToString(), " units make an amount of ",
                                    CurrencyExponent(claim->currency).value_or(0), " decimals")});
    }
    sum = sum + product;
  }
  ASSIGN_OR_RETURN(const int64_t amount, ToMinorUnits(sum, claim->currency, Rounding::kDown));
  if (claim->amount != 0 && claim->amount != amount) {
    violations->push_back({"claim.amount", FormatMinorUnits(claim->amount, claim->currency),
                           StrCat("none, or the sum of the lines, ", FormatMinorUnits(amount, claim->currency))});
  }
  claim->amount = amount;
  return absl::OkStatus();
}

absl::Status CheckDeadline(std::string_view subject, Date deadline, Date today) {
  if (today <= deadline) return absl::OkStatus();
  return Error(Reason::kClaimDeadlinePassed,
               StrCat(subject, ": got a claim on ", today.ToString(), ", want one by ", deadline.ToString()));
}

bool ComesBefore(const OtherLine& other, const Claim& claim) {
  return other.turn != 0 && (claim.turn == 0 || other.turn < claim.turn);
}

void Deny(DenialReason reason, Decimal quantity, const Rational& amount, DueLine* line) {
  if (!amount.zero()) line->denials.push_back({reason, quantity, amount});
}

// What a sale under a special price is worth, beside what others have of it.
struct SaleOfClaim {
  const DebitLine* debit = nullptr;  // null: the sale is not known
  Decimal here;                      // units that claims against the same special price were approved for before
  Decimal elsewhere;                 // against others
};

DueLine DueOfSale(const ClaimLine& line, const SaleOfClaim& sale, const FundedUnits& funded, bool decided) {
  DueLine due;
  const Rational claimed(line.unit_amount);
  Decimal rest = funded.funded;
  if (sale.debit != nullptr) {
    const Decimal open = std::max(Decimal(), sale.debit->debited - sale.here);
    due.quantity = std::min(rest, open);
    if (decided) due.quantity = std::min(due.quantity, line.approved_quantity);
    rest -= due.quantity;
    if (!due.quantity.zero()) {
      const Rational cost = std::min(claimed, sale.debit->amount / Rational(sale.debit->debited));
      due.amount = Times(due.quantity, cost);
      Deny(DenialReason::kLayerPrice, due.quantity, Times(due.quantity, claimed - cost), &due);
    }
    for (const RefusedUnits& refused : sale.debit->refused) {
      const Decimal units = std::min(rest, refused.quantity);
      rest -= units;
      Deny(ReasonOf(refused.reason), units, Times(units, claimed), &due);
    }
  }
  Deny(DenialReason::kUnitsUnknown, funded.unknown, Times(funded.unknown, claimed), &due);
  Deny(DenialReason::kUnitAlreadyFunded, funded.already_funded, Times(funded.already_funded, claimed), &due);
  return due;
}

// Takes of the exposure what was paid for before, and says how many units that is.
Decimal TakeFunded(const Claim& claim, const std::vector<OtherLine>& others, CutExposure* exposure) {
  std::map<std::string, Decimal> funded;
  for (const OtherLine& other : others) {
    if (!ComesBefore(other, claim)) continue;
    for (const ApprovedLayer& layer : other.layers) funded[layer.line] += layer.quantity;
  }
  Decimal all;
  std::vector<ExposedUnits> left;
  for (ExposedUnits& line : exposure->lines) {
    Decimal& paid = funded[line.layer.line];
    const Decimal taken = line.reason == Unprotected::kNone ? std::min(paid, line.layer.remaining) : Decimal();
    paid -= taken;
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

template <typename Part>
std::vector<Rational> AmountsOf(const std::vector<Part>& parts) {
  std::vector<Rational> amounts;
  for (const Part& part : parts) amounts.push_back(part.amount);
  return amounts;
}

// Rounds what is due of a line to `approved` minor units.
void Fill(const DueLine& due, int64_t approved, ClaimLine* line) {
  line->approved_quantity = due.quantity;
  line->approved = approved;
  const std::vector<int64_t> layers = AllocateLargestRemainder(approved, AmountsOf(due.layers));
  for (size_t i = 0; i < due.layers.size(); ++i) {
    const DueLayer& layer = due.layers[i];
    line->layers.push_back({layer.line, layer.in_transit, layer.quantity, layers[i]});
  }
  const std::vector<int64_t> denials = AllocateLargestRemainder(line->amount - approved, AmountsOf(due.denials));
  for (size_t i = 0; i < due.denials.size(); ++i) {
    line->denials.push_back({due.denials[i].reason, due.denials[i].quantity, denials[i]});
  }
}

}  // namespace

absl::StatusOr<Claim> Submit(Claim claim, const SpecialPriceAuthorization& authorization, Date today) {
  std::vector<FieldViolation> violations;
  if (claim.lines.empty()) violations.push_back({"claim.lines", "none", "one for each sale"});
  std::set<std::string_view> sales;
  for (size_t i = 0; i < claim.lines.size(); ++i) {
    const std::string& sale = claim.lines[i].sale;
    if (!sales.insert(sale).second) violations.push_back({StrCat("claim.lines[", i, "].sale"), sale, "each sale once"});
  }
  RETURN_IF_ERROR(AddUp(&claim, &violations));
  if (!violations.empty()) return InvalidFields(std::move(violations));
  if (authorization.state != SpecialPriceState::kApproved) {
    return WrongState(authorization.name(), "claim", NameOf(authorization.state), NameOf(SpecialPriceState::kApproved));
  }
  RETURN_IF_ERROR(CheckDeadline(authorization.name(), authorization.claim_deadline, today));
  return claim;
}

absl::StatusOr<Claim> Submit(Claim claim, const PriceChange& change, Date today) {
  std::vector<FieldViolation> violations;
  if (claim.lines.size() != 1) violations.push_back({"claim.lines", StrCat(claim.lines.size()), "one line"});
  RETURN_IF_ERROR(AddUp(&claim, &violations));
  if (change.reverse) {
    violations.push_back(
        {"claim.price_change", change.name(), "a change that partners are paid for, not one they pay"});
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  if (change.state != PriceChangeState::kAnnounced) {
    return WrongState(change.name(), "claim", NameOf(change.state), NameOf(PriceChangeState::kAnnounced));
  }
  RETURN_IF_ERROR(CheckDeadline(change.name(), change.claim_deadline, today));
  return claim;
}

Due DueOf(const Claim& claim, const SpecialPriceAuthorization& authorization, const StockBook& book,
          const std::vector<OtherLine>& others, Date today) {
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
    const bool before = ComesBefore(other, claim);
    // One line of another partner's may be of units of several sales here.
    const std::string fact = StrCat(other.claim, "/", other.ordinal, "/", other.sale);
    if (before) paid.push_back({fact, std::string(kShipAndDebit), other.sale, other.approved_quantity});
    const auto sale = of_claim.find(other.sale);
    if (other.special_price == authorization.id) {
      reserve(other.sale, other.claimed_on, other.approved_quantity);
      if (before && sale != of_claim.end()) sale->second.here += other.approved_quantity;
    } else if (before) {
      // Units that are paid for elsewhere use nothing of this quantity, as if they had come back.
      returns.push_back({fact, other.sale, other.approved_quantity});
      if (sale != of_claim.end()) sale->second.elsewhere += other.approved_quantity;
    }
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
    wanted.push_back({StrCat(claim.id, "/", line.sale), std::string(kShipAndDebit), line.sale, line.quantity});
  }
  const std::vector<FundedUnits> funded = FundUnits({}, sold, paid, wanted);
  Due due;
  for (size_t i = 0; i < claim.lines.size(); ++i) {
    const ClaimLine& line = claim.lines[i];
    due.lines.push_back(DueOfSale(line, of_claim[line.sale], funded[i], claim.turn != 0));
    due.amount = due.amount + due.lines.back().amount;
  }
  return due;
}

Due DueOf(const Claim& claim, const PriceChange& change, const StockBook& book, const std::vector<OtherLine>& others,
          Date today) {
  CutExposure exposure = ExposureTo(book.history, ProtectionOf(change, ReportedAt(book, change.effective_date)), today);
  Decimal already = TakeFunded(claim, others, &exposure);
  Due due;
  for (const ClaimLine& line : claim.lines) {
    const Rational claimed(line.unit_amount);
    // Once it is decided, what was not approved may be another's.
    const Decimal units = claim.turn == 0 ? line.quantity : std::min(line.quantity, line.approved_quantity);
    const ProtectionDecision decision = DecideProtection(exposure, {units, claimed});
    DueLine next{.amount = decision.approved_amount};
    for (const ApprovedUnits& units : decision.approved) {
      next.quantity += units.layer.remaining;
      next.layers.push_back({units.layer.line, units.in_transit, units.layer.remaining, units.amount});
    }
    for (const DeniedUnits& denied : decision.denied) {
      // Units that are nowhere else are those that were paid for before.
      const Decimal funded =
          denied.reason == ProtectionDenial::kNotOnHand ? std::min(already, denied.units) : Decimal();
      const Rational of_funded = Times(funded, claimed);
      Deny(ReasonOf(denied.reason), denied.units - funded, denied.amount - of_funded, &next);
      Deny(DenialReason::kUnitAlreadyFunded, funded, of_funded, &next);
    }
    due.amount = due.amount + next.amount;
    due.lines.push_back(std::move(next));
  }
  return due;
}

absl::StatusOr<Claim> Decide(Claim claim, const Due& due, const std::vector<OtherLine>& others, std::string_view note,
                             std::string_view principal, absl::Time now) {
  RETURN_IF_ERROR(CheckDecidable(claim, "approve", principal));
  ASSIGN_OR_RETURN(claim.approved, ToMinorUnits(due.amount, claim.currency, Rounding::kHalfEven));
  const std::vector<int64_t> approved = AllocateLargestRemainder(claim.approved, AmountsOf(due.lines));
  for (size_t i = 0; i < claim.lines.size(); ++i) Fill(due.lines[i], approved[i], &claim.lines[i]);
  claim.state = claim.approved > 0 ? ClaimState::kApproved : ClaimState::kRejected;
  if (claim.state == ClaimState::kApproved) {
    for (const OtherLine& other : others) claim.turn = std::max(claim.turn, other.turn);
    ++claim.turn;
  }
  claim.decider = principal;
  claim.decision_note = note;
  claim.update_time = now;
  ++claim.version;
  return claim;
}

absl::StatusOr<TruedUp> TrueUpClaim(Claim claim, const Rational& due, Date expires_on, std::string_view principal,
                                    Date today, absl::Time now) {
  RETURN_IF_ERROR(CheckThirdPerson(claim, "true up", ClaimState::kPaid, principal));
  int64_t stated = claim.approved;
  for (const ClaimTrueUp& before : claim.true_ups) stated += before.amount;
  ASSIGN_OR_RETURN(const int64_t difference, TrueUpOf(due, stated, claim.currency, Rounding::kHalfEven));
  if (difference == 0) return TruedUp{.claim = std::move(claim)};
  TruedUp trued_up;
  if (difference < 0) {
    trued_up.take_back = -difference;
  } else {
    RETURN_IF_ERROR(CheckExpiry(expires_on, today));
    trued_up.lot = {.id = StrCat(claim.path(), "/trueUps/", claim.true_ups.size() + 1),
                    .amount = difference,
                    .expires_on = expires_on,
                    .credit_date = today,
                    .source = claim.path()};
  }
  claim.true_ups.push_back({difference, stated + difference, std::string(principal), now});
  claim.update_time = now;
  ++claim.version;
  trued_up.claim = std::move(claim);
  return trued_up;
}

}  // namespace tributary::incentive
