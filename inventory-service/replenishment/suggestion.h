#pragma once

// Suggestions of what to order: values and decisions.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "inventory-service/orders/order.h"
#include "inventory-service/products/kit.h"
#include "inventory-service/replenishment/proposal.h"

namespace tributary::inventory {

// The numbers are stored and are those of the wire.
enum class SuggestionState { kOpen = 1, kSilent = 2, kAccepted = 3, kDismissed = 4 };

// Whether it still waits to be decided or replaced. There is at most one such for each (partner, site, product).
inline bool IsUndecided(SuggestionState state) {
  return state == SuggestionState::kOpen || state == SuggestionState::kSilent;
}

struct Suggestion {
  std::string partner;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  SuggestionState state = SuggestionState::kSilent;
  std::string site;     // id
  std::string product;  // id
  std::string policy;   // id
  int64_t policy_version = 0;
  PolicyKind kind = PolicyKind::kReorderPoint;
  Date date;
  absl::Time known_at;
  DemandRead demand;
  std::optional<Forecast> forecast;
  std::optional<LeadTime> lead_time;
  StockPosition position;
  std::optional<ReplenishmentTerms> terms;
  Decimal wanted;
  Decimal pack_size;
  Decimal quantity;
  WhyNot why_not = WhyNot::kNone;
  std::string explanation;
  std::optional<Date> next_review_date;
  std::optional<absl::Time> decide_time;
  std::string decision_note;
  std::string order;  // id of the order that orders it, where its acceptance names one

  std::string id() const { return uid.ToString(); }
  std::string name() const { return "partners/" + partner + "/suggestions/" + id(); }
  bool stale() const { return demand.StaleOn(date); }
};

// What `policy` says, in the place of `undecided` where there is one.
Suggestion Suggest(const ReplenishmentPolicy& policy, const ProposalInputs& inputs, const Suggestion* undecided,
                   absl::Time now);

// Whether the order may be named as the one that orders it: STATE_CONFLICT for a draft and for one that is canceled,
// INVALID_FIELD of `order` where it does not order the product for the site, also as a part of one of `kits`.
absl::Status CheckOrders(const Suggestion& suggestion, const Order& order,
                         const std::map<std::string, std::vector<KitPart>>& kits);

// OPEN to ACCEPTED, by an order (its id) or none; ACCEPTED without an order stays so and names it. OPEN or ACCEPTED to
// DISMISSED. STATE_CONFLICT from elsewhere.
absl::StatusOr<Suggestion> Accept(Suggestion suggestion, std::string_view order, std::string_view note, absl::Time now);
absl::StatusOr<Suggestion> Dismiss(Suggestion suggestion, std::string_view note, absl::Time now);

std::string_view NameOf(SuggestionState state);

}  // namespace tributary::inventory
