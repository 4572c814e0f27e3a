#pragma once

// Payments: values and decisions.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/money/money.h"
#include "common/time/date.h"
#include "inventory-service/billing/billed_line.h"
#include "inventory-service/payments/allocation.h"

namespace tributary::inventory {

std::string PaymentName(std::string_view partner, std::string_view id);

struct Payment {
  std::string partner;
  std::string id;
  Date date;
  Money amount;  // negative for a reversal
  std::vector<NamedPart> remittance;
  std::vector<NamedPart> decisions;
  std::string reverses;     // id of the payment that bounced
  std::string reversed_by;  // id of the reversal
  absl::Time create_time;
  absl::Time update_time;
  // Derived (payments/account.h).
  Decimal unallocated;
  Decimal waiting;
  std::vector<Allocation> allocations;

  std::string name() const { return PaymentName(partner, id); }
};

// INVALID_FIELD: no number, or parts that name more than the amount.
absl::Status CheckStated(const Payment& payment);

// The first field in which a payment stated under a known number differs from what is known.
std::optional<FieldViolation> FirstDifference(const Payment& known, const Payment& stated);

// As it enters the fold of allocations; `bounce` where it is reversed.
Source SourceOf(const Payment& payment, const Payment* reversal);

// The payment that takes `payment` back. Refused: it is a reversal or bounced already; `date` lies before it.
absl::StatusOr<Payment> Reverse(const Payment& payment, std::string_view id, Date date, absl::Time now);

// The payment with `parts` decided for it. `invoices` are those of the partner that the parts name and that are known.
// Refused: it is a reversal or bounced; an invoice in another currency; ALLOCATION_EXCEEDS where the parts are more
// than is unallocated, or those for an invoice more than it has open.
absl::StatusOr<Payment> Decide(const Payment& payment, std::vector<NamedPart> parts, const Documents& invoices,
                               absl::Time now);

}  // namespace tributary::inventory
