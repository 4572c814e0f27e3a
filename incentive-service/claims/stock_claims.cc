#include "incentive-service/claims/stock_claims.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/status/status.h"

namespace tributary::incentive {

absl::StatusOr<Claim> StockClaims::Against(mysql::Transaction& sql, Claim claim) const {
  if (claim.kind == ClaimKind::kShipAndDebit) {
    ASSIGN_OR_RETURN(const auto against, special_prices_.Get(sql, claim.partner, claim.special_price));
    claim.product = against.product;
    claim.currency = against.currency;
    return claim;
  }
  ASSIGN_OR_RETURN(const PriceChange against, price_changes_.Get(sql, claim.price_change));
  // Nobody learns of a change by claiming against it before it is announced.
  if (against.state != PriceChangeState::kAnnounced) return NotFound(against.name());
  claim.product = against.product;
  claim.currency = against.currency;
  return claim;
}

absl::StatusOr<Claim> StockClaims::Submitted(mysql::Transaction& sql, Claim claim, Date today) const {
  if (claim.kind == ClaimKind::kShipAndDebit) {
    ASSIGN_OR_RETURN(const auto against, special_prices_.Get(sql, claim.partner, claim.special_price));
    return Submit(std::move(claim), against, today);
  }
  ASSIGN_OR_RETURN(const PriceChange against, price_changes_.Get(sql, claim.price_change));
  return Submit(std::move(claim), against, today);
}

absl::Status StockClaims::Lock(mysql::Transaction& sql, const Claim& claim) const {
  return lines_.Lock(sql, claim.product);
}

absl::StatusOr<StockClaims::Judged> StockClaims::Judge(mysql::Transaction& sql, const Claim& claim, Date today) const {
  Judged judged;
  ASSIGN_OR_RETURN(const StockBook book, stock_.Read(sql, claim.partner, claim.product));
  ASSIGN_OR_RETURN(judged.others, lines_.OthersOfPartner(sql, claim));
  ASSIGN_OR_RETURN(const std::vector<FundingClass> declared, classes_.All(sql));
  const std::vector<ExclusiveClass> classes = ClassesFor(declared, claim.create_time);
  if (claim.kind == ClaimKind::kShipAndDebit) {
    ASSIGN_OR_RETURN(std::vector<OtherLine> elsewhere, lines_.OfOtherPartners(sql, claim));
    std::move(elsewhere.begin(), elsewhere.end(), std::back_inserter(judged.others));
    ASSIGN_OR_RETURN(const auto against, special_prices_.Get(sql, claim.partner, claim.special_price));
    judged.due = DueOf(claim, against, book, judged.others, classes, today);
    return judged;
  }
  ASSIGN_OR_RETURN(const PriceChange against, price_changes_.Get(sql, claim.price_change));
  judged.due = DueOf(claim, against, book, judged.others, classes, today);
  return judged;
}

}  // namespace tributary::incentive
