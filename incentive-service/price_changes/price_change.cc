#include "incentive-service/price_changes/price_change.h"

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/engine/price_protection.h"

namespace tributary::incentive {

std::string_view NameOf(PriceChangeState state) {
  switch (state) {
    case PriceChangeState::kDraft:
      return "DRAFT";
    case PriceChangeState::kAnnounced:
      return "ANNOUNCED";
  }
  return {};
}

absl::Status CheckPriceChange(const PriceChange& change) {
  if (change.effective_date <= change.claim_deadline) return absl::OkStatus();
  return InvalidField("price_change.claim_deadline", change.claim_deadline.ToString(),
                      StrCat(change.effective_date.ToString(), ", on which it comes into force, or a later day"));
}

absl::StatusOr<PriceChange> Announce(PriceChange change, std::string_view principal, absl::Time now) {
  if (change.state != PriceChangeState::kDraft) {
    return WrongState(change.name(), "announce", NameOf(change.state), NameOf(PriceChangeState::kDraft));
  }
  if (principal == change.creator) return SecondPersonRequired(change.name(), "who made it", "announce it");
  change.state = PriceChangeState::kAnnounced;
  change.announcer = principal;
  change.update_time = now;
  ++change.version;
  return change;
}

absl::StatusOr<Adjustment> ChargeOf(const PriceChange& change, std::string_view partner, const Rational& due,
                                    int64_t asked) {
  if (change.state != PriceChangeState::kAnnounced) {
    return WrongState(change.name(), "charge", NameOf(change.state), NameOf(PriceChangeState::kAnnounced));
  }
  if (!change.reverse)
    return WrongState(change.name(), "charge", "one that partners are paid for", "a rise that they pay");
  ASSIGN_OR_RETURN(const int64_t open, TrueUpOf(due, asked, change.currency, Rounding::kHalfEven));
  if (open == 0)
    return WrongState(change.name(), "charge", "nothing left to charge", "more or less due than was asked for");
  return Adjustment{.partner = std::string(partner),
                    .currency = change.currency,
                    .amount = open,
                    .reason = StrCat(change.name(), ": ", change.product, " costs ", change.new_price.ToString(), " ",
                                     change.currency, " from ", change.effective_date.ToString()),
                    .price_change = change.id};
}

LayerProtection ProtectionOf(const PriceChange& change, std::optional<Decimal> reported) {
  return {.name = change.name(),
          .effective_date = change.effective_date,
          .new_price = Rational(change.new_price),
          .currency = change.currency,
          .in_transit_days = change.in_transit_days,
          .lookback_days = change.lookback_days,
          .reported_units = reported,
          .reverse = change.reverse};
}

}  // namespace tributary::incentive
