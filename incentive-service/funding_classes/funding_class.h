#pragma once

// Classes of kinds of claims that exclude one another: for a unit one of a class is paid at most (SEMANTICS R14).
// Values and decisions; what is left of units is worked out by claims/.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "incentive-service/claims/claim.h"
#include "incentive-service/engine/unit_funding.h"

namespace tributary::incentive {

struct FundingClass {
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  std::vector<ClaimKind> kinds;
  std::string note;
  std::string creator;                 // principal
  std::optional<absl::Time> end_time;  // unset while it holds
  std::string ender;                   // principal; empty while it holds

  std::string name() const { return "fundingClasses/" + id; }
};

// INVALID_FIELD funding_class.kinds[i] where it is MDF, which is paid for no units, or named twice.
absl::Status CheckFundingClass(const FundingClass& funding_class);

// STATE_CONFLICT where it has ended.
absl::StatusOr<FundingClass> End(FundingClass funding_class, std::string_view principal, absl::Time now);

// Those that hold for a claim that was made then, as the engine takes them.
std::vector<ExclusiveClass> ClassesFor(const std::vector<FundingClass>& declared, absl::Time made);

}  // namespace tributary::incentive
