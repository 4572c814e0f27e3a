#include "incentive-service/price_changes/price_change.h"

#include "common/status/status.h"
#include "common/text/text.h"

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
  if (principal == change.creator) {
    return Error(Reason::kSecondPersonRequired,
                 StrCat(change.name(), ": got who made it, want somebody else to announce it"));
  }
  change.state = PriceChangeState::kAnnounced;
  change.announcer = principal;
  change.update_time = now;
  ++change.version;
  return change;
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
