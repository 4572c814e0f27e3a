#include "conflict-service/deals/deal_figures.h"

#include <algorithm>

#include "absl/numeric/int128.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::conflict {
namespace {

// a / b, half-even to 4 decimals; unset where b is 0.
std::optional<Decimal> Quotient(int64_t a, int64_t b) {
  if (b == 0) return std::nullopt;
  int64_t whole = a * 10000 / b;
  const int64_t twice_left = a * 10000 % b * 2;
  if (twice_left > b || (twice_left == b && whole % 2 == 1)) ++whole;
  return Decimal::FromMicros(whole * (Decimal::kUnit / 10000));
}

}  // namespace

std::optional<DealStep> StepOf(const Deal& before, const Deal& after) {
  if (before.submissions == 0) {
    return after.submissions > 0 ? std::optional(DealStep::kRegistered) : std::nullopt;
  }
  if (before.state == after.state) return std::nullopt;
  switch (after.state) {
    case Deal::State::kWon:
      return DealStep::kWon;
    case Deal::State::kLost:
      return DealStep::kLost;
    case Deal::State::kWithdrawn:
      return DealStep::kWithdrawn;
    case Deal::State::kExpired:
      return DealStep::kExpired;
    default:
      return std::nullopt;
  }
}

std::optional<Decimal> DealFigures::registrations_per_win() const { return Quotient(registered, won); }

std::optional<Decimal> DealFigures::expiry_rate() const { return Quotient(expired, ended()); }

void Add(DealStep step, int64_t times, DealFigures* figures) {
  switch (step) {
    case DealStep::kRegistered:
      figures->registered += times;
      break;
    case DealStep::kWon:
      figures->won += times;
      break;
    case DealStep::kLost:
      figures->lost += times;
      break;
    case DealStep::kWithdrawn:
      figures->withdrawn += times;
      break;
    case DealStep::kExpired:
      figures->expired += times;
      break;
  }
}

bool Hoards(const DealLimits& limits, const DealFigures& figures) {
  if (limits.most_registrations_per_win > 0 &&
      figures.registered > limits.most_registrations_per_win * std::max<int64_t>(figures.won, 1)) {
    return true;
  }
  return limits.most_expiry_rate && figures.ended() >= limits.least_ended &&
         absl::int128(figures.expired) * Decimal::kUnit > limits.most_expiry_rate->micros() * figures.ended();
}

int OpenLimit(const DealLimits& limits, const DealFigures& figures) {
  return limits.lower_open_limit > 0 && Hoards(limits, figures) ? limits.lower_open_limit : limits.open_limit;
}

absl::Status CheckMayOpen(std::string_view partner, const DealLimits& limits, const DealFigures& figures) {
  const int most = OpenLimit(limits, figures);
  if (most == 0 || figures.open < most) return absl::OkStatus();
  return Error(Reason::kTooManyOpen,
               StrCat(partner, ": got ", figures.open, " open registrations, want fewer than ", most, "; within ",
                      limits.window_days, " days it registered ", figures.registered, ", won ", figures.won,
                      ", and of ", figures.ended(), " that ended ", figures.expired, " expired"));
}

}  // namespace tributary::conflict
