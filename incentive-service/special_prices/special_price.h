#pragma once

// Special prices: authorizations to sell to one end customer below what the units cost (SEMANTICS R13). Values and
// decisions; what is paid for such sales is decided by claims.

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/time/date.h"
#include "incentive-service/engine/ship_and_debit.h"

namespace tributary::incentive {

// The numbers are stored and are those of the wire.
enum class SpecialPriceState : int { kRequested = 1, kApproved = 2, kRejected = 3, kWithdrawn = 4 };
std::string_view NameOf(SpecialPriceState state);

struct SpecialPriceAuthorization {
  std::string partner;
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  SpecialPriceState state = SpecialPriceState::kRequested;
  std::string product;  // products/{product}
  std::string end_customer;
  DateRange window;  // days of sale
  Decimal approved_cost;
  std::string currency;
  Decimal quantity;
  Date claim_deadline;  // the last day
  std::string note;
  std::string requester;  // principal, and so below
  std::string decider;    // empty before it is decided
  std::string decision_note;
  Decimal debited;  // units that claims were approved for; read, never stored

  std::string path() const { return "specialPrices/" + id; }
  std::string name() const { return "partners/" + partner + "/" + path(); }
};

// INVALID_FIELD special_price.sale_to where it is not after sale_from; special_price.claim_deadline before the last day
// of sale.
absl::Status CheckSpecialPrice(const SpecialPriceAuthorization& authorization);

// Refused, in this order: STATE_CONFLICT unless it is requested; SECOND_PERSON_REQUIRED where the requester decides.
absl::StatusOr<SpecialPriceAuthorization> Approve(SpecialPriceAuthorization authorization, std::string_view note,
                                                  std::string_view principal, absl::Time now);
absl::StatusOr<SpecialPriceAuthorization> Reject(SpecialPriceAuthorization authorization, std::string_view note,
                                                 std::string_view principal, absl::Time now);
// STATE_CONFLICT unless it is requested.
absl::StatusOr<SpecialPriceAuthorization> Withdraw(SpecialPriceAuthorization authorization, absl::Time now);

// As the engine takes it.
SpecialPrice TermsOf(const SpecialPriceAuthorization& authorization);

}  // namespace tributary::incentive
