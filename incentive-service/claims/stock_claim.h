#pragma once

// Claims on partners' units: ship and debit against a special price, price protection against a price change, SPIFFs,
// stock rotation. Values and decisions, on what the engine works out.
//
// A claim says for how many units, and how much for each. What is approved is a function of the facts and of the claims
// that were approved before (their turns); no unit is paid for twice, none for more than was claimed. Later facts
// change what is due: TrueUpClaim brings the claim up to them.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/money/rational.h"
#include "common/time/date.h"
#include "incentive-service/channel_facts/channel_fact.h"
#include "incentive-service/claims/claim.h"
#include "incentive-service/engine/unit_funding.h"
#include "incentive-service/price_changes/price_change.h"
#include "incentive-service/special_prices/special_price.h"
#include "incentive-service/spiffs/spiff.h"
#include "incentive-service/stock_rotations/stock_rotation.h"

namespace tributary::incentive {

// The claim with its amounts. Refused, in this order: INVALID_FIELD claim.lines where there is none (against a price
// change: other than one), claim.lines[i].sale or .movement where it is named twice, claim.lines[i].unit_amount where
// the units at it are finer than the currency's smallest unit, claim.amount where it is given and is not their sum,
// claim.price_change where partners pay it; STATE_CONFLICT unless the special price or stock rotation is approved, the
// price change or SPIFF announced; CLAIM_DEADLINE_PASSED.
absl::StatusOr<Claim> Submit(Claim claim, const SpecialPriceAuthorization& authorization, Date today);
absl::StatusOr<Claim> Submit(Claim claim, const PriceChange& change, Date today);
absl::StatusOr<Claim> Submit(Claim claim, const Spiff& spiff, Date today);
absl::StatusOr<Claim> Submit(Claim claim, const StockRotation& rotation, Date today);

// A line of another claim that bears on what a claim is approved for: of one of the partner's for the same product, of
// any kind, or for kits, as units of the product that left in them, or against the same stock rotation; of one of
// another partner's that was approved for units that both report as sold.
struct OtherLine {
  ClaimKind kind = ClaimKind::kShipAndDebit;
  std::string claim;  // id; of another partner's its name
  int ordinal = 0;
  std::string special_price;  // empty of another partner's
  std::string price_change;
  std::string stock_rotation;
  std::string sale;  // or movement
  Date claimed_on;
  int turn = 0;  // 0: not decided
  Decimal approved_quantity;
  int64_t paid = 0;  // what was approved for it; of the first line of a claim, with what true-ups made of the claim
  std::vector<ApprovedLayer> layers;  // not of another partner's
};
// Whether it was approved before the claim, or the claim is not decided yet.
bool ComesBefore(const OtherLine& other, const Claim& claim);

class KitUnits;  // kit_units.h

// What is due of a claim, exactly.
struct DueLayer {
  std::string line;
  bool in_transit = false;
  Decimal quantity;
  Rational amount;
};
struct DueDenial {
  DenialReason reason;
  Decimal quantity;
  Rational amount;
};
struct DueLine {
  Decimal quantity;
  Rational amount;
  std::vector<DueLayer> layers;
  std::vector<DueDenial> denials;
  TakenParts parts;
};
struct Due {
  std::vector<DueLine> lines;  // those of the claim
  Rational amount;
};

// `book`: with the price changes that are announced. Of the other claims those count that were approved before this
// one; all reserve their part of the authorized quantity. A claim that has been approved is due for no more units of a
// sale than it was approved for. `classes`: that hold for the claim; each kind excludes itself without one.
Due DueOf(const Claim& claim, const SpecialPriceAuthorization& authorization, const StockBook& book,
          const std::vector<OtherLine>& others, const std::vector<ExclusiveClass>& classes, Date today);
Due DueOf(const Claim& claim, const PriceChange& change, const StockBook& book, const std::vector<OtherLine>& others,
          const std::vector<ExclusiveClass>& classes, Date today);
// `kits`: the parts, of a SPIFF on kits; they are left with what it does not take.
Due DueOf(const Claim& claim, const Spiff& spiff, const StockBook& book, const std::vector<OtherLine>& others,
          const std::vector<ExclusiveClass>& classes, KitUnits* kits = nullptr);
// `purchases`: what the partner bought that the limit is a share of.
Due DueOf(const Claim& claim, const StockRotation& rotation, Decimal purchases, const StockBook& book,
          const std::vector<OtherLine>& others, const std::vector<ExclusiveClass>& classes);

// The line that claims for all units which the partner's stock has lost by the change and which nothing was paid for,
// each at what one of them lost at most, rounded up to the currency's smallest unit; nullopt where there are none, or
// less of one than the smallest unit pays for. The
// rest as DueOf, which then is due for each what it lost itself. OVERFLOW.
absl::StatusOr<std::optional<ClaimLine>> ProposeLine(const Claim& claim, const PriceChange& change,
                                                     const StockBook& book, const std::vector<OtherLine>& others,
                                                     const std::vector<ExclusiveClass>& classes, Date today);

// Approves what is due, in the turn after those of the others; rejects the claim where that is nothing. Refused as
// Approve of claim.h: STATE_CONFLICT, SECOND_PERSON_REQUIRED; OVERFLOW.
absl::StatusOr<Claim> Decide(Claim claim, const Due& due, const std::vector<OtherLine>& others, std::string_view note,
                             std::string_view principal, absl::Time now);

// The claim, and what moves in the partner's wallet: a lot where money is credited; `take_back` above 0 where it is
// taken. Neither, and the claim as it was, where nothing has changed. Refused, in this order: STATE_CONFLICT unless it
// is paid; SECOND_PERSON_REQUIRED where the claimant or the decider does it; INVALID_FIELD expires_on before `today`,
// where money is credited.
struct TruedUp {
  Claim claim;
  std::optional<Lot> lot;
  int64_t take_back = 0;
};
absl::StatusOr<TruedUp> TrueUpClaim(Claim claim, const Rational& due, Date expires_on, std::string_view principal,
                                    Date today, absl::Time now);

}  // namespace tributary::incentive
