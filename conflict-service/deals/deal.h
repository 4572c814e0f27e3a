#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/money.h"
#include "common/scopes/scope_box.h"

namespace tributary::conflict {

// A partner's registration of a deal.
struct Deal {
  enum class State { kDraft = 1, kSubmitted = 2, kWithdrawn = 3 };

  std::string name;     // partners/{partner}/deals/{deal}
  std::string partner;  // partners/{partner}
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  State state = State::kDraft;
  std::string customer_name;
  ScopeBox scope;  // no segments; at most one route
  std::optional<Money> value;

  // Keeps others away from the same customer and scope.
  bool Blocks() const { return state == State::kSubmitted; }
};

std::string_view NameOf(Deal::State state);

// What registrations are compared by: SHA-256 of the customer name's key (common/matching).
std::string CustomerKey(std::string_view customer_name);

// A registration as it comes in, brought into order. Refuses, all at once: effective_to not after effective_from; a
// region or product line that is no name of one. Field paths begin with `field`.
absl::StatusOr<Deal> NewDeal(Deal draft, std::string_view field);
// DRAFT to SUBMITTED.
absl::StatusOr<Deal> Submit(Deal deal, absl::Time now);
// DRAFT or SUBMITTED to WITHDRAWN.
absl::StatusOr<Deal> Withdraw(Deal deal, absl::Time now);

}  // namespace tributary::conflict
