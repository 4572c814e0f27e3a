#pragma once

// Revisions of programs by name: programs/{program}@{version}. Every change of a program makes the next one, and all are
// kept.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

struct RevisionName {
  std::string id;                  // the program's
  std::optional<int64_t> version;  // nullopt: as it is now
};

// programs/{program}, or with @{version}, a number from 1. INVALID_FIELD `field`.
absl::StatusOr<RevisionName> ParseRevisionName(std::string_view name, std::string_view field = "name");

// "programs/growth@3".
std::string RevisionNameOf(const Program& program);

}  // namespace tributary::incentive
