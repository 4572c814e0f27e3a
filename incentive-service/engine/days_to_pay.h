#pragma once

// What paying early earns: each part of a payment that was allocated to an invoice earns the rate of the days that it
// took (SEMANTICS R10).
//
// days = allocation date - invoice date, as inventory's allocations tell. Bands are [from, to). A part that is taken
// back (a bounced payment) is told as a negative part that names the one it takes back, and takes back what that one
// earned, whenever it happened. So parts are a set: neither their order nor telling one twice changes the sum.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/status/status.h"
#include "common/time/date.h"

namespace tributary::incentive {

// [from_day, to_day): 31 to 61 are the days 31 to 60.
struct PaymentBand {
  int from_day = 0;
  int to_day = 0;
  Decimal rate;  // 0.02 is 2 %
  friend bool operator==(const PaymentBand&, const PaymentBand&) = default;
};

// What is wrong with the bands, each with its path below `field`; empty where they may be used: there is one at least,
// the first begins at day 0, each begins where the one before ends and ends later, rates lie in [0, 1].
std::vector<FieldViolation> CheckPaymentBands(absl::Span<const PaymentBand> bands, std::string_view field);

struct PaidPart {
  std::string fact;
  Date invoice_date;
  Date allocation_date;
  Decimal amount;        // below zero where it takes a part back
  std::string reverses;  // fact of that part
};

// Why a part earns nothing.
enum class PaidOutcome {
  kEarns = 0,
  kAfterLastBand = 1,  // paid too late
  kNotMatched = 2,     // takes back a part that is not known (yet)
};
std::string_view NameOf(PaidOutcome outcome);

struct PaidLine {
  std::string fact;
  int days = 0;  // of the part that is taken back, where it takes one back
  PaidOutcome outcome = PaidOutcome::kEarns;
  std::optional<PaymentBand> band;
  Rational value;
};

struct PaymentEarnings {
  std::vector<PaidLine> lines;  // by fact
  Rational value;
};

// What was allocated on or before the invoice's date took 0 days. The bands must have passed CheckPaymentBands.
PaymentEarnings EarnedByDaysToPay(absl::Span<const PaymentBand> bands, std::vector<PaidPart> parts);

}  // namespace tributary::incentive
