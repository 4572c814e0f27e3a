#pragma once

// Routing policies and decisions on the wire, and as they are stored.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/leads/lead_proto.h"
#include "partner-service/leads/routing.h"
#include "partner-service/leads/routing_policy.h"
#include "partner-service/leads/routing_store.h"
#include "tributary/partner/v1/lead.pb.h"
#include "tributary/partner/v1/routing_policy.pb.h"

namespace tributary::partner {

v1::RoutingPolicy ToProto(const RoutingPolicy& policy);
// The content that callers may set; INVALID_FIELD where a name in it is malformed.
absl::StatusOr<RoutingPolicy> FromProto(const v1::RoutingPolicy& policy);
// For the feed.
events::EventDraft Told(std::string_view verb, const RoutingPolicy& policy);
// The content without name and revision.
std::string PolicyToBytes(const RoutingPolicy& policy);
absl::StatusOr<RoutingPolicy> PolicyFromBytes(std::string_view bytes);

inline constexpr size_t kRowsOfAnswer = 20;  // of a ranking, at most
// By partner id: the same bytes for the same inputs in any order.
std::string InputsToBytes(const RoutingInputs& inputs);
absl::StatusOr<RoutingInputs> InputsFromBytes(std::string_view bytes);
// The rows of a ranking, the first `limit`.
void PutRanking(const RoutingInputs& inputs, const std::vector<RankedCandidate>& ranking, size_t limit,
                v1::RoutingDecision* out);
// The whole ranking, but for what the inputs say. By partner id, as the inputs' bytes.
std::string RankingToBytes(const RoutingInputs& inputs, const Routed& routed);

// In any order.
std::string TurnsToBytes(const TurnsByPartner& turns);
absl::StatusOr<TurnsByPartner> TurnsFromBytes(std::string_view bytes);

// Without its ranking.
v1::RoutingDecision ToProto(const RoutingDecision& decision);
// Adds the stored ranking.
absl::Status PutStoredRanking(const RoutingDecision& decision, v1::RoutingDecision* out);

}  // namespace tributary::partner
