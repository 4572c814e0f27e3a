#include "incentive-service/claims/stock_claim.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/money/money.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/engine/price_protection.h"

namespace tributary::incentive {
namespace {

// The amounts of the lines; what is wrong with them goes to `violations`. Where `rounds`, the only line is rounded as
// what is due of it is, for stock comes in whatever parts of a unit there are; else each is to be whole.
absl::Status AddUp(bool rounds, Claim* claim, std::vector<FieldViolation>* violations) {
  const Rounding rounding = rounds ? Rounding::kHalfEven : Rounding::kDown;
  Rational sum;
  for (size_t i = 0; i < claim->lines.size(); ++i) {
    ClaimLine& line = claim->lines[i];
    const Rational product = Rational(line.quantity) * Rational(line.unit_amount);
    ASSIGN_OR_RETURN(line.amount, ToMinorUnits(product, claim->currency, rounding));
    ASSIGN_OR_RETURN(const Decimal whole, FromMinorUnits(line.amount, claim->currency));
    if (rounds ? line.amount == 0 : Rational(whole) != product) {
      violations->push_back({StrCat("claim.lines[", i, "].unit_amount"), line.unit_amount.ToString(),
                             StrCat("one by which ", line.quantity.ToString(), " units make an amount of ",
                                    rounds ? "at least the smallest unit, of " : "",
                                    CurrencyExponent(claim->currency).value_or(0), " decimals")});
    }
    sum = sum + product;
  }
  ASSIGN_OR_RETURN(const int64_t amount, ToMinorUnits(sum, claim->currency, rounding));
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

// The amounts of lines of sales or movements, one each.
absl::Status CheckLines(std::string_view noun, Claim* claim) {
  std::vector<FieldViolation> violations;
  if (claim->lines.empty()) violations.push_back({"claim.lines", "none", StrCat("one for each ", noun)});
  std::set<std::string> named;
  for (size_t i = 0; i < claim->lines.size(); ++i) {
    const std::string& fact = claim->lines[i].sale;
    if (named.insert(MovementWithoutGeneration(fact)).second) continue;
    violations.push_back({StrCat("claim.lines[", i, "].", noun), fact, StrCat("each ", noun, " once")});
  }
  RETURN_IF_ERROR(AddUp(/*rounds=*/false, claim, &violations));
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
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
  line->parts = due.parts;
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
  RETURN_IF_ERROR(CheckLines("sale", &claim));
  if (authorization.state != SpecialPriceState::kApproved) {
    return WrongState(authorization.name(), "claim", NameOf(authorization.state), NameOf(SpecialPriceState::kApproved));
  }
  RETURN_IF_ERROR(CheckDeadline(authorization.name(), authorization.claim_deadline, today));
  return claim;
}

absl::StatusOr<Claim> Submit(Claim claim, const PriceChange& change, Date today) {
  std::vector<FieldViolation> violations;
  if (claim.lines.size() != 1) {
    const std::string_view want = claim.lines.empty()
                                      ? "one line: the books show no units to propose, that lost and are not paid for"
                                      : "one line";
    violations.push_back({"claim.lines", StrCat(claim.lines.size()), std::string(want)});
  }
  RETURN_IF_ERROR(AddUp(/*rounds=*/true, &claim, &violations));
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

absl::StatusOr<Claim> Submit(Claim claim, const Spiff& spiff, Date today) {
  RETURN_IF_ERROR(CheckLines("sale", &claim));
  if (spiff.state != SpiffState::kAnnounced) {
    return WrongState(spiff.name(), "claim", NameOf(spiff.state), NameOf(SpiffState::kAnnounced));
  }
  RETURN_IF_ERROR(CheckDeadline(spiff.name(), spiff.claim_deadline, today));
  return claim;
}

absl::StatusOr<Claim> Submit(Claim claim, const StockRotation& rotation, Date today) {
  RETURN_IF_ERROR(CheckLines("movement", &claim));
  if (rotation.state != StockRotationState::kApproved) {
    return WrongState(rotation.name(), "claim", NameOf(rotation.state), NameOf(StockRotationState::kApproved));
  }
  RETURN_IF_ERROR(CheckDeadline(rotation.name(), rotation.claim_deadline, today));
  return claim;
}

bool ComesBefore(const OtherLine& other, const Claim& claim) {
  return other.turn != 0 && (claim.turn == 0 || other.turn < claim.turn);
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
