#pragma once

// Claims of partners. Values, and the decisions on claims of market development funds, for what was spent, with proof;
// those on claims for what partners have in stock or sold of it are in stock_claim.h. Amounts are minor units of the
// claim's currency: of the budget, or of what else it is against.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/time/date.h"
#include "incentive-service/claims/claim_line.h"
#include "incentive-service/fund_requests/fund_request.h"
#include "incentive-service/wallets/wallet.h"

namespace tributary::incentive {

// The numbers of both are stored and are those of the wire.
enum class ClaimState : int { kSubmitted = 1, kApproved = 2, kRejected = 3, kWithdrawn = 4, kPaid = 5 };
std::string_view NameOf(ClaimState state);
enum class ClaimKind : int { kMdf = 1, kShipAndDebit = 2, kPriceProtection = 3, kSpiff = 4, kStockRotation = 5 };
std::string_view NameOf(ClaimKind kind);

struct ClaimProof {
  std::string document;  // documents/{document}
  std::string sha256;
  friend bool operator==(const ClaimProof&, const ClaimProof&) = default;
};

struct Claim {
  std::string partner;
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  ClaimState state = ClaimState::kSubmitted;
  ClaimKind kind = ClaimKind::kMdf;
  std::string fund_request;    // id, of kMdf
  std::string special_price;   // id, of kShipAndDebit
  std::string price_change;    // id, of kPriceProtection
  std::string spiff;           // id, of kSpiff
  std::string stock_rotation;  // id, of kStockRotation
  std::string contact;         // id, a pseudonym: of kSpiff, who is rewarded
  std::string product;         // products/{product} whose units are claimed for; empty of kMdf
  std::string currency;
  int64_t amount = 0;
  std::vector<ClaimProof> proofs;
  std::string note;
  std::string claimant;  // principal, and so below
  std::string decider;
  std::string decision_note;
  int64_t approved = 0;
  std::string payer;
  int64_t deducted = 0;          // of what was approved, by deductions of the partner
  std::vector<ClaimLine> lines;  // but of kMdf, and so below
  int turn = 0;                  // of the approved claims that bear on each other, this is the n-th; 0: not approved
  std::vector<ClaimTrueUp> true_ups;

  std::string path() const { return "claims/" + id; }
  std::string name() const { return "partners/" + partner + "/" + path(); }
  // Whether its proofs are used.
  bool open() const { return state != ClaimState::kRejected && state != ClaimState::kWithdrawn; }
  // What was not approved, once it is decided.
  int64_t denied() const {
    return state == ClaimState::kSubmitted || state == ClaimState::kWithdrawn ? 0 : amount - approved;
  }
};

// STATE_CONFLICT unless it is submitted; SECOND_PERSON_REQUIRED where the claimant decides.
absl::Status CheckDecidable(const Claim& claim, std::string_view verb, std::string_view principal);
// STATE_CONFLICT unless it is in the state; SECOND_PERSON_REQUIRED where the claimant or the decider does it.
absl::Status CheckThirdPerson(const Claim& claim, std::string_view verb, ClaimState want, std::string_view principal);
// INVALID_FIELD expires_on before `today`.
absl::Status CheckExpiry(Date expires_on, Date today);

// Of any kind. Refused as CheckDecidable.
absl::StatusOr<Claim> Reject(Claim claim, std::string_view note, std::string_view principal, absl::Time now);
// STATE_CONFLICT unless it is submitted.
absl::StatusOr<Claim> Withdraw(Claim claim, absl::Time now);

// A claim of kMdf and its request as they are afterwards.
struct ClaimDecision {
  Claim claim;
  FundRequest request;
};

// Refused, in this order: PROOF_REQUIRED; INVALID_FIELD claim.amount where it is not above 0, claim.proofs[i].sha256
// where it is named twice; STATE_CONFLICT unless the request is approved; CLAIM_DEADLINE_PASSED; OVER_BUDGET where the
// request's other claims leave less. (A proof of another claim: the store.)
absl::StatusOr<ClaimDecision> Submit(Claim claim, FundRequest request, Date today, absl::Time now);

// Without an amount, all of it. Refused, in this order: STATE_CONFLICT unless it is submitted; SECOND_PERSON_REQUIRED
// where the claimant decides; INVALID_FIELD amount where it is not above 0 or more than is claimed; INVALID_FIELD note
// where it is less and nothing says why.
absl::StatusOr<ClaimDecision> Approve(Claim claim, FundRequest request, std::optional<int64_t> amount,
                                      std::string_view note, std::string_view principal, absl::Time now);

// As those of any kind.
absl::StatusOr<ClaimDecision> Reject(Claim claim, FundRequest request, std::string_view note,
                                     std::string_view principal, absl::Time now);
absl::StatusOr<ClaimDecision> Withdraw(Claim claim, FundRequest request, absl::Time now);

// The claim, and what is credited to the partner's wallet: what was approved and not deducted. Refused, in this order:
// STATE_CONFLICT unless it is approved; SECOND_PERSON_REQUIRED where the claimant or the decider pays; INVALID_FIELD
// expires_on before `today`.
struct ClaimPayment {
  Claim claim;
  Lot lot;
};
absl::StatusOr<ClaimPayment> Pay(Claim claim, Date expires_on, std::string_view principal, Date today, absl::Time now);

// The claim once the partner has taken so much of what was approved itself; PAID where that is all of it. Refused, in
// this order: STATE_CONFLICT unless it is approved; SECOND_PERSON_REQUIRED where the claimant or the decider does it;
// ALLOCATION_EXCEEDS where less is left.
absl::StatusOr<Claim> Deduct(Claim claim, int64_t amount, std::string_view principal, absl::Time now);

// The claim once so much of what the partner had taken counts for it no more: APPROVED, to be paid otherwise. Refused,
// in this order: STATE_CONFLICT unless it is approved, or paid by deductions alone and not trued up;
// SECOND_PERSON_REQUIRED where the claimant or the decider does it.
absl::StatusOr<Claim> Undeduct(Claim claim, int64_t amount, std::string_view principal, absl::Time now);

}  // namespace tributary::incentive
