#pragma once

// Guarantees: what a partner is paid on top where it earned less than was promised for a period (SEMANTICS R8).
//
//   top_up = max(0, guarantee - carry_before - earned)
//   carry  = max(0, carry_before + earned - guarantee) where it is cumulative, else 0
//
// A recoupable top-up is an advance: what later periods earn beyond the guarantee pays it back, before anything is
// carried, and a correction that makes it undue takes it back. One that is not is kept once it has been paid.
// Amounts are minor units of the program's currency, rounded already, within +-10^15 each.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"

namespace tributary::incentive {

struct GuaranteeTerms {
  int64_t guarantee = 0;  // of each period
  bool cumulative = false;
  bool recoupable = false;
};

// By all that is known now.
struct GuaranteePeriod {
  std::string period;  // id, for people
  int64_t earned = 0;  // not below zero
  int64_t paid = 0;    // top-ups less what was recouped, as stated for the period so far
};

struct GuaranteeResult {
  std::string period;
  int64_t carry_before = 0;
  int64_t top_up = 0;
  int64_t recouped = 0;  // of the top-ups of earlier periods
  int64_t carry = 0;
  int64_t pay = 0;  // top_up - recouped - paid; not below zero where it is not recoupable
};

// `periods` in their order, from the first one on. Work all of them out again when an amount changes: each difference
// is then a `pay` of its period.
std::vector<GuaranteeResult> ApplyGuarantee(const GuaranteeTerms& terms, absl::Span<const GuaranteePeriod> periods);

}  // namespace tributary::incentive
