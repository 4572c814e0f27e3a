#pragma once

// Terms made ready for millions of amounts: within a tier every shape runs straight, value = offset + Q x slope, so two
// numbers a tier say all. Exact, in whole numbers of 10^-12; equal to Evaluate (evaluation.h), some hundred times
// faster.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "incentive-service/engine/evaluation.h"

namespace tributary::incentive {

class StraightTerms {
 public:
  // The terms must have passed CheckTermsValue. INVALID_FIELD for an unknown currency, and for a scale that an amount
  // alone does not decide.
  static absl::StatusOr<StraightTerms> Of(const Terms& terms);

  // The value of an amount in millionths, in the currency's smallest units. OVERFLOW where it does not fit.
  absl::StatusOr<int64_t> Minor(absl::int128 micros) const;
  // The same where it fits 64 bits all the way, which is nearly always; else false, and Minor must be asked.
  bool FastMinor(int64_t micros, int64_t* minor) const;

 private:
  struct Piece {
    absl::int128 from;    // the least amount of the piece, in millionths
    absl::int128 slope;   // millionths
    absl::int128 offset;  // 10^-12
  };

  Terms terms_;
  std::vector<Piece> pieces_;  // rising; amounts below the first are worth 0
  // The pieces again where all of them fit 64 bits, else empty.
  struct FastPiece {
    int64_t from, slope, offset;
  };
  std::vector<FastPiece> fast_;
  int64_t divisor_ = 1;      // 10^-12 in one smallest unit
  bool has_limits_ = false;  // floor, cap or penalty: not for the fast way
};

}  // namespace tributary::incentive
