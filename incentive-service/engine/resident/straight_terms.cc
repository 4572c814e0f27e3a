#include "incentive-service/engine/resident/straight_terms.h"

#include <algorithm>
#include <limits>

#include "common/money/money.h"
#include "common/status/status.h"

namespace tributary::incentive {
namespace {

using absl::int128;

constexpr int64_t kUnit = Decimal::kUnit;
// Beyond it a product with a slope might not fit 128 bits; then Evaluate is asked. 10^29 millionths.
constexpr int128 kFar = static_cast<__int128>(100'000'000'000'000) * 1'000'000'000'000'000;

bool Fits(int128 value) {
  return value >= std::numeric_limits<int64_t>::min() && value <= std::numeric_limits<int64_t>::max();
}

// value / divisor of 0 or more, by the rounding.
template <typename Number>
Number Rounded(Number value, Number divisor, Rounding rounding) {
  Number whole = value / divisor;
  const Number rest = value - whole * divisor;
  if (rest == 0) return whole;
  const Number other = divisor - rest;  // rest > half where it is more than the other part
  switch (rounding) {
    case Rounding::kHalfEven:
      return rest > other || (rest == other && whole % 2 != 0) ? whole + 1 : whole;
    case Rounding::kHalfUp:
      return rest >= other ? whole + 1 : whole;
    case Rounding::kUp:
    case Rounding::kCeiling:
      return whole + 1;
    case Rounding::kDown:
    case Rounding::kFloor:
      return whole;
  }
  return whole;
}

}  // namespace

absl::StatusOr<StraightTerms> StraightTerms::Of(const Terms& terms) {
  RETURN_IF_ERROR(Evaluate(terms, Decimal()));  // refuses what an amount does not decide, and unknown currencies
  StraightTerms straight;
  straight.terms_ = terms;
  for (int i = 12 - *CurrencyExponent(terms.currency); i > 0; --i) straight.divisor_ *= 10;
  straight.has_limits_ = terms.floor.has_value() || terms.cap.has_value() || terms.max_penalty.has_value();

  const Scale& scale = terms.scale;
  int128 offset = 0, rates = 0;
  for (size_t i = 0; i < scale.tiers.size(); ++i) {
    const Tier& tier = scale.tiers[i];
    const int128 rate = tier.rate.micros();
    const std::optional<Decimal> end = EndOf(scale, i);
    rates += rate;
    Piece piece{LeastIn(scale, i).micros(), rate, 0};
    switch (scale.shape) {
      case Shape::kMarginal:  // what the tiers below gave in full, less what this rate would give on their widths
        piece.offset = offset - tier.from.micros() * rate;
        if (end.has_value()) offset += (*end - tier.from).micros() * rate;
        break;
      case Shape::kRolling:  // what the tiers below give on their ends
        piece.offset = offset;
        if (end.has_value()) offset += end->micros() * rate;
        break;
      case Shape::kTotal:
        piece.slope = rates;
        break;
      case Shape::kTarget:
        piece.offset = tier.amount.micros() * kUnit;
        break;
      case Shape::kRetroactive:
      case Shape::kFlat:
      case Shape::kPerUnit:
        break;
    }
    straight.pieces_.push_back(piece);
  }
  for (const Piece& piece : straight.pieces_) {
    if (!Fits(piece.from) || !Fits(piece.offset)) {
      straight.fast_.clear();
      break;
    }
    straight.fast_.push_back(
        {static_cast<int64_t>(piece.from), static_cast<int64_t>(piece.slope), static_cast<int64_t>(piece.offset)});
  }
  return straight;
}

bool StraightTerms::FastMinor(int64_t micros, int64_t* minor) const {
  if (fast_.empty() || has_limits_) return false;
  *minor = 0;
  if (micros <= 0) return true;
  size_t i = fast_.size();
  while (i > 0 && micros < fast_[i - 1].from) --i;
  if (i == 0) return true;
  int64_t value;
  if (__builtin_mul_overflow(micros, fast_[i - 1].slope, &value)) return false;
  if (__builtin_add_overflow(value, fast_[i - 1].offset, &value)) return false;
  *minor = Rounded<int64_t>(value, divisor_, terms_.rounding);
  return true;
}

absl::StatusOr<int64_t> StraightTerms::Minor(int128 micros) const {
  if (has_limits_ || micros > kFar) {
    ASSIGN_OR_RETURN(const Evaluation evaluation, Evaluate(terms_, Decimal::FromMicros(micros)));
    return evaluation.minor;
  }
  if (micros <= 0) return 0;
  size_t i = pieces_.size();
  while (i > 0 && micros < pieces_[i - 1].from) --i;
  if (i == 0) return 0;
  const int128 value = micros * pieces_[i - 1].slope + pieces_[i - 1].offset;
  const int128 minor = Rounded<int128>(value, divisor_, terms_.rounding);
  if (!Fits(minor)) {
    return Error(Reason::kOverflow, StrCat("got ", Decimal::FromMicros(micros).ToString(), " of ", terms_.currency,
                                           ", whose value is more than 2^63 - 1 smallest units"));
  }
  return static_cast<int64_t>(minor);
}

}  // namespace tributary::incentive
