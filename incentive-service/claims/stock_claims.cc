#include "incentive-service/claims/stock_claims.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "common/status/status.h"

namespace tributary::incentive {

absl::StatusOr<std::string> StockClaims::CurrencyOf(mysql::Transaction& sql, const Claim& claim) const {
  if (claim.kind == ClaimKind::kShipAndDebit) {
    ASSIGN_OR_RETURN(SpecialPriceAuthorization against, special_prices_.Get(sql, claim.partner, claim.special_price));
    return std::move(against.currency);
  }
  ASSIGN_OR_RETURN(PriceChange against, price_changes_.Get(sql, claim.price_change));
  // Nobody learns of a change by claiming against it before it is announced.
  if (against.state != PriceChangeState::kAnnounced) return NotFound(against.name());
  return std::move(against.currency);
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
  if (claim.kind == ClaimKind::kShipAndDebit) {
    ASSIGN_OR_RETURN(const auto against, special_prices_.Get(sql, claim.partner, claim.special_price));
    return special_prices_.LockAllOf(sql, against.product);
  }
  return price_changes_.GetForUpdate(sql, claim.price_change).status();
}

absl::StatusOr<StockClaims::Judged> StockClaims::Judge(mysql::Transaction& sql, const Claim& claim, Date today) const {
  Judged judged;
  if (claim.kind == ClaimKind::kShipAndDebit) {
    ASSIGN_OR_RETURN(const auto against, special_prices_.Get(sql, claim.partner, claim.special_price));
    ASSIGN_OR_RETURN(const StockBook book, stock_.Read(sql, claim.partner, against.product));
    ASSIGN_OR_RETURN(judged.others, lines_.OthersOfProduct(sql, claim, against.product));
    ASSIGN_OR_RETURN(std::vector<OtherLine> elsewhere, lines_.OfOtherPartners(sql, claim.partner, against.product));
    std::move(elsewhere.begin(), elsewhere.end(), std::back_inserter(judged.others));
    judged.due = DueOf(claim, against, book, judged.others, today);
    return judged;
  }
  ASSIGN_OR_RETURN(const PriceChange against, price_changes_.Get(sql, claim.price_change));
  ASSIGN_OR_RETURN(const StockBook book, stock_.Read(sql, claim.partner, against.product));
  ASSIGN_OR_RETURN(judged.others, lines_.OthersOfChange(sql, claim));
  judged.due = DueOf(claim, against, book, judged.others, today);
  return judged;
}

}  // namespace tributary::incentive
