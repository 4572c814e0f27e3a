#include "incentive-service/claims/claim.h"

#include <set>
#include <utility>

#include "common/money/money.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

template <typename Resource>
void Touch(absl::Time now, Resource* resource) {
  resource->update_time = now;
  ++resource->version;
}

absl::Status CheckState(const Claim& claim, std::string_view verb, ClaimState want) {
  if (claim.state == want) return absl::OkStatus();
  return WrongState(claim.name(), verb, NameOf(claim.state), NameOf(want));
}

// A claim that is decided as it says leaves what its request holds for it.
ClaimDecision Settled(Claim claim, FundRequest request, absl::Time now) {
  request.pending -= claim.amount;
  request.claimed += claim.approved;
  Touch(now, &request);
  return {std::move(claim), std::move(request)};
}

}  // namespace

std::string_view NameOf(ClaimState state) {
  switch (state) {
    case ClaimState::kSubmitted:
      return "SUBMITTED";
    case ClaimState::kApproved:
      return "APPROVED";
    case ClaimState::kRejected:
      return "REJECTED";
    case ClaimState::kWithdrawn:
      return "WITHDRAWN";
    case ClaimState::kPaid:
      return "PAID";
  }
  return {};
}

std::string_view NameOf(ClaimKind kind) {
  switch (kind) {
    case ClaimKind::kMdf:
      return "MDF";
    case ClaimKind::kShipAndDebit:
      return "SHIP_AND_DEBIT";
    case ClaimKind::kPriceProtection:
      return "PRICE_PROTECTION";
    case ClaimKind::kSpiff:
      return "SPIFF";
    case ClaimKind::kStockRotation:
      return "STOCK_ROTATION";
  }
  return {};
}

absl::Status CheckDecidable(const Claim& claim, std::string_view verb, std::string_view principal) {
  RETURN_IF_ERROR(CheckState(claim, verb, ClaimState::kSubmitted));
  if (principal == claim.claimant) return SecondPersonRequired(claim.name(), "who claims", "decide it");
  return absl::OkStatus();
}

absl::Status CheckThirdPerson(const Claim& claim, std::string_view verb, ClaimState want, std::string_view principal) {
  RETURN_IF_ERROR(CheckState(claim, verb, want));
  if (principal == claim.claimant) return SecondPersonRequired(claim.name(), "who claims", StrCat(verb, " it"));
  if (principal == claim.decider) return SecondPersonRequired(claim.name(), "who decided", StrCat(verb, " it"));
  return absl::OkStatus();
}

absl::Status CheckExpiry(Date expires_on, Date today) {
  if (today <= expires_on) return absl::OkStatus();
  return InvalidField("expires_on", expires_on.ToString(), StrCat("today, ", today.ToString(), ", or a later day"));
}

absl::StatusOr<Claim> Reject(Claim claim, std::string_view note, std::string_view principal, absl::Time now) {
  RETURN_IF_ERROR(CheckDecidable(claim, "reject", principal));
  claim.state = ClaimState::kRejected;
  claim.decider = principal;
  claim.decision_note = note;
  Touch(now, &claim);
  return claim;
}

absl::StatusOr<Claim> Withdraw(Claim claim, absl::Time now) {
  RETURN_IF_ERROR(CheckState(claim, "withdraw", ClaimState::kSubmitted));
  claim.state = ClaimState::kWithdrawn;
  Touch(now, &claim);
  return claim;
}

absl::StatusOr<ClaimDecision> Submit(Claim claim, FundRequest request, Date today, absl::Time now) {
  if (claim.proofs.empty()) {
    return Error(Reason::kProofRequired, "claim.proofs: got none, want one document at least");
  }
  std::vector<FieldViolation> violations;
  if (claim.amount <= 0) violations.push_back({"claim.amount", StrCat(claim.amount), "more than 0"});
  std::set<std::string_view> hashes;
  for (size_t i = 0; i < claim.proofs.size(); ++i) {
    if (!hashes.insert(claim.proofs[i].sha256).second) {
      violations.push_back({StrCat("claim.proofs[", i, "].sha256"), claim.proofs[i].sha256, "each proof once"});
    }
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  if (request.state != FundRequestState::kApproved) {
    return WrongState(request.name(), "claim", NameOf(request.state), NameOf(FundRequestState::kApproved));
  }
  if (request.claim_deadline.has_value() && *request.claim_deadline < today) {
    return Error(Reason::kClaimDeadlinePassed, StrCat(request.name(), ": got a claim on ", today.ToString(),
                                                      ", want one by ", request.claim_deadline->ToString()));
  }
  RETURN_IF_ERROR(CheckWithin(request.name(), request.available(), claim.amount, claim.currency));
  request.pending += claim.amount;
  Touch(now, &request);
  return ClaimDecision{std::move(claim), std::move(request)};
}

absl::StatusOr<ClaimDecision> Approve(Claim claim, FundRequest request, std::optional<int64_t> amount,
                                      std::string_view note, std::string_view principal, absl::Time now) {
  RETURN_IF_ERROR(CheckDecidable(claim, "approve", principal));
  const int64_t approved = amount.value_or(claim.amount);
  if (approved <= 0 || approved > claim.amount) {
    return InvalidField(
        "amount", FormatMinorUnits(approved, claim.currency),
        StrCat("more than 0 and at most ", FormatMinorUnits(claim.amount, claim.currency), ", which is claimed"));
  }
  if (approved < claim.amount && note.empty()) {
    return InvalidField("note", "nothing", "why less is approved than is claimed");
  }
  claim.approved = approved;
  claim.state = ClaimState::kApproved;
  claim.decider = principal;
  claim.decision_note = note;
  Touch(now, &claim);
  return Settled(std::move(claim), std::move(request), now);
}

absl::StatusOr<ClaimDecision> Reject(Claim claim, FundRequest request, std::string_view note,
                                     std::string_view principal, absl::Time now) {
  ASSIGN_OR_RETURN(Claim rejected, Reject(std::move(claim), note, principal, now));
  return Settled(std::move(rejected), std::move(request), now);
}

absl::StatusOr<ClaimDecision> Withdraw(Claim claim, FundRequest request, absl::Time now) {
  ASSIGN_OR_RETURN(Claim withdrawn, Withdraw(std::move(claim), now));
  return Settled(std::move(withdrawn), std::move(request), now);
}

absl::StatusOr<ClaimPayment> Pay(Claim claim, Date expires_on, std::string_view principal, Date today, absl::Time now) {
  RETURN_IF_ERROR(CheckThirdPerson(claim, "pay", ClaimState::kApproved, principal));
  RETURN_IF_ERROR(CheckExpiry(expires_on, today));
  claim.state = ClaimState::kPaid;
  claim.payer = principal;
  Touch(now, &claim);
  Lot lot{.id = claim.path(),
          .amount = claim.approved - claim.deducted,
          .expires_on = expires_on,
          .credit_date = today,
          .source = claim.path()};
  return ClaimPayment{std::move(claim), std::move(lot)};
}

absl::StatusOr<Claim> Deduct(Claim claim, int64_t amount, std::string_view principal, absl::Time now) {
  RETURN_IF_ERROR(CheckThirdPerson(claim, "match", ClaimState::kApproved, principal));
  const int64_t left = claim.approved - claim.deducted;
  if (amount > left) {
    return Error(
        Reason::kAllocationExceeds,
        StrCat("amount: got ", FormatMinorUnits(amount, claim.currency), ", want at most ",
               FormatMinorUnits(left, claim.currency), " ", claim.currency, ", what is left of ", claim.name()),
        {{"resource", claim.name()}});
  }
  claim.deducted += amount;
  if (amount == left) {
    claim.state = ClaimState::kPaid;
    claim.payer = principal;
  }
  Touch(now, &claim);
  return claim;
}

absl::StatusOr<Claim> Undeduct(Claim claim, int64_t amount, std::string_view principal, absl::Time now) {
  const bool by_deductions =
      claim.state == ClaimState::kPaid && claim.deducted == claim.approved && claim.true_ups.empty();
  if (claim.state != ClaimState::kApproved && !by_deductions) {
    return WrongState(claim.name(), "unmatch", NameOf(claim.state), "APPROVED, or PAID by deductions alone");
  }
  RETURN_IF_ERROR(CheckThirdPerson(claim, "unmatch", claim.state, principal));
  claim.deducted -= amount;
  claim.state = ClaimState::kApproved;
  claim.payer.clear();
  Touch(now, &claim);
  return claim;
}

}  // namespace tributary::incentive
