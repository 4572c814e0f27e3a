#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "conflict-service/contests/terms.h"

namespace tributary::conflict {

// How contests are decided. Its terms never change; another policy takes its place.
struct Policy {
  enum class State { kDraft = 1, kActive = 2, kRetired = 3 };
  std::string name;  // adjudicationPolicies/{adjudication_policy}
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  State state = State::kDraft;
  Terms terms;
};
std::string_view NameOf(Policy::State state);

// DRAFT to ACTIVE.
absl::StatusOr<Policy> Activate(Policy policy, absl::Time now);
// DRAFT or ACTIVE to RETIRED.
absl::StatusOr<Policy> Retire(Policy policy, absl::Time now);

}  // namespace tributary::conflict
