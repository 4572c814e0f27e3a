#include "inventory-service/replenishment/suggestion.h"

#include <algorithm>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/sites/site.h"

namespace tributary::inventory {
namespace {

Suggestion Decided(Suggestion suggestion, SuggestionState state, std::string_view note, absl::Time now) {
  suggestion.state = state;
  suggestion.update_time = now;
  suggestion.decide_time = now;
  suggestion.decision_note = std::string(note);
  ++suggestion.version;
  return suggestion;
}

}  // namespace

Suggestion Suggest(const ReplenishmentPolicy& policy, const ProposalInputs& inputs, const Suggestion* undecided,
                   absl::Time now) {
  Proposal proposal = Propose(policy, inputs);
  Suggestion made{.partner = policy.partner,
                  .uid = undecided == nullptr ? Uuid::New(now) : undecided->uid,
                  .version = undecided == nullptr ? 1 : undecided->version + 1,
                  .create_time = undecided == nullptr ? now : undecided->create_time,
                  .update_time = now,
                  .state = proposal.why_not == WhyNot::kNone ? SuggestionState::kOpen : SuggestionState::kSilent,
                  .site = policy.site,
                  .product = policy.product,
                  .policy = policy.id,
                  .policy_version = policy.version,
                  .kind = policy.kind,
                  .date = inputs.date,
                  .known_at = now,
                  .demand = inputs.demand,
                  .forecast = inputs.forecast,
                  .lead_time = inputs.lead_time,
                  .position = inputs.position,
                  .terms = proposal.terms,
                  .wanted = proposal.wanted,
                  .pack_size = policy.pack_size,
                  .quantity = proposal.quantity,
                  .why_not = proposal.why_not,
                  .explanation = std::move(proposal.explanation)};
  if (policy.kind == PolicyKind::kPeriodic) made.next_review_date = NextReviewDay(policy, inputs.date);
  return made;
}

absl::Status CheckOrders(const Suggestion& suggestion, const Order& order,
                         const std::map<std::string, std::vector<KitPart>>& kits) {
  if (order.state == OrderState::kDraft || order.state == OrderState::kCanceled) {
    return WrongState(order.name(), "accept a suggestion by", NameOf(order.state), "placed and not canceled");
  }
  const auto orders_it = [&](const OrderLine& line) {
    const auto kit = kits.find(line.product);
    if (kit == kits.end()) return line.product == suggestion.product;
    return std::any_of(kit->second.begin(), kit->second.end(),
                       [&](const KitPart& part) { return part.product == suggestion.product; });
  };
  const bool orders = order.site == suggestion.site && std::any_of(order.lines.begin(), order.lines.end(), orders_it);
  if (orders) return absl::OkStatus();
  return InvalidField(
      "order", order.name(),
      StrCat("an order of products/", suggestion.product, " for ", SiteName(suggestion.partner, suggestion.site)));
}

absl::StatusOr<Suggestion> Accept(Suggestion suggestion, std::string_view order, std::string_view note,
                                  absl::Time now) {
  const bool names_its_order =
      suggestion.state == SuggestionState::kAccepted && suggestion.order.empty() && !order.empty();
  if (suggestion.state != SuggestionState::kOpen && !names_its_order) {
    return WrongState(suggestion.name(), "accept", NameOf(suggestion.state),
                      "OPEN, or ACCEPTED without an order to name one");
  }
  suggestion.order = std::string(order);
  return Decided(std::move(suggestion), SuggestionState::kAccepted, note, now);
}

absl::StatusOr<Suggestion> Dismiss(Suggestion suggestion, std::string_view note, absl::Time now) {
  if (suggestion.state != SuggestionState::kOpen && suggestion.state != SuggestionState::kAccepted) {
    return WrongState(suggestion.name(), "dismiss", NameOf(suggestion.state), "OPEN or ACCEPTED");
  }
  return Decided(std::move(suggestion), SuggestionState::kDismissed, note, now);
}

std::string_view NameOf(SuggestionState state) {
  switch (state) {
    case SuggestionState::kOpen:
      return "OPEN";
    case SuggestionState::kSilent:
      return "SILENT";
    case SuggestionState::kAccepted:
      return "ACCEPTED";
    case SuggestionState::kDismissed:
      return "DISMISSED";
  }
  return "STATE_UNSPECIFIED";
}

}  // namespace tributary::inventory
