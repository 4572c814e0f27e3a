#include "incentive-service/claims/claim_ledger.h"

namespace tributary::incentive {
namespace {

LedgerKind KindOf(const Claim* before, const Claim& after) {
  if (before != nullptr && before->deducted != after.deducted) return LedgerKind::kDeduction;
  if (before != nullptr && before->state == after.state) return LedgerKind::kCorrection;
  if (after.state == ClaimState::kSubmitted) return LedgerKind::kClaim;
  if (after.state == ClaimState::kApproved) return LedgerKind::kApproval;
  if (after.state == ClaimState::kPaid) return LedgerKind::kPayment;
  return LedgerKind::kRefusal;
}

}  // namespace

Standing StandingOf(const Claim& claim) {
  if (claim.state == ClaimState::kSubmitted) return {{LedgerAccount::kClaimed, claim.amount}};
  const int64_t left = claim.approved - claim.deducted;
  if (claim.state == ClaimState::kApproved) {
    return {{LedgerAccount::kApproved, left}, {LedgerAccount::kDeducted, claim.deducted}};
  }
  if (claim.state != ClaimState::kPaid) return {};
  Standing standing{{LedgerAccount::kPaid, left}, {LedgerAccount::kDeducted, claim.deducted}};
  for (const ClaimTrueUp& one : claim.true_ups) {
    standing[one.amount < 0 ? LedgerAccount::kClawedBack : LedgerAccount::kPaid] += one.amount;
  }
  return standing;
}

std::optional<LedgerEntry> MoveOf(const Claim* before, const Claim& after) {
  return Move({.partner = after.partner, .path = after.path(), .currency = after.currency}, KindOf(before, after),
              before == nullptr ? Standing() : StandingOf(*before), StandingOf(after));
}

}  // namespace tributary::incentive
