#include "conflict-service/contests/policy.h"

#include "common/status/status.h"

namespace tributary::conflict {
namespace {

Policy Moved(Policy policy, Policy::State state, absl::Time now) {
  policy.state = state;
  policy.update_time = now;
  ++policy.version;
  return policy;
}

}  // namespace

std::string_view NameOf(Policy::State state) {
  switch (state) {
    case Policy::State::kDraft:
      return "DRAFT";
    case Policy::State::kActive:
      return "ACTIVE";
    case Policy::State::kRetired:
      return "RETIRED";
  }
  return "STATE_UNSPECIFIED";
}

absl::StatusOr<Policy> Activate(Policy policy, absl::Time now) {
  if (policy.state != Policy::State::kDraft) return WrongState(policy.name, "activate", NameOf(policy.state), "DRAFT");
  return Moved(std::move(policy), Policy::State::kActive, now);
}

absl::StatusOr<Policy> Retire(Policy policy, absl::Time now) {
  if (policy.state == Policy::State::kRetired) {
    return WrongState(policy.name, "retire", NameOf(policy.state), "DRAFT, ACTIVE");
  }
  return Moved(std::move(policy), Policy::State::kRetired, now);
}

}  // namespace tributary::conflict
