#pragma once

// Rebates by days to pay: each part of an invoice that a payment is allocated to earns the rate of its own days.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/status/status.h"
#include "common/time/date.h"

namespace tributary::incentive {

// [the end of the band before, end) days; the first from 0, which what is paid before the invoice counts as.
struct DaysBand {
  int32_t end = 0;
  Decimal rate;
};

// Ends that rise from above 0, rates in [0, 1]; each with its path below `field`.
std::vector<FieldViolation> CheckBands(absl::Span<const DaysBand> bands, std::string_view field);

// A payment's part for an invoice. One that bounces is the same again with an amount below 0, dated as it was.
struct AllocatedPart {
  Date invoice_date;
  Date allocation_date;
  Decimal amount;
};

struct DaysValue {
  struct Part {
    int32_t days = 0;            // allocation date - invoice date
    std::optional<size_t> band;  // nullopt: later than the last, nothing
    Rational value;
  };
  std::vector<Part> parts;  // one each
  Rational value;           // their sum, 0 where it is below
};
// The bands must have passed CheckBands.
DaysValue ValueByDays(absl::Span<const DaysBand> bands, absl::Span<const AllocatedPart> parts);

}  // namespace tributary::incentive
