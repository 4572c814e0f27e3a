#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "conflict-service/contests/contest.h"
#include "conflict-service/contests/evidence.h"
#include "conflict-service/contests/policy.h"
#include "tributary/conflict/v1/adjudication_policy.pb.h"
#include "tributary/conflict/v1/contest.pb.h"
#include "tributary/conflict/v1/evidence.pb.h"

namespace tributary::conflict {

v1::AdjudicationPolicy ToProto(const Policy& policy);
// What the caller may set. INVALID_FIELD below adjudication_policy, all at once.
absl::StatusOr<Terms> FromProto(const v1::AdjudicationPolicy& message);

v1::Evidence ToProto(const Evidence& evidence);
// What the caller may set; the rest is at its beginning. INVALID_FIELD below evidence.
absl::StatusOr<Evidence> FromProto(const v1::Evidence& message);

v1::Contest::Member ToProto(const Placing& placing);
// `members`: of an open one. INVALID_FIELD where a stored award cannot be read.
absl::StatusOr<v1::Contest> ToProto(const Contest& contest, const std::vector<Deal>& members);
absl::StatusOr<v1::ContestDecision> ToProto(const ContestDecision& decision);

// What the feed is told of a change.
events::EventDraft Told(std::string_view verb, const v1::AdjudicationPolicy& policy);
events::EventDraft Told(std::string_view verb, const v1::Evidence& evidence);
events::EventDraft Told(std::string_view verb, const v1::Contest& contest);

}  // namespace tributary::conflict
