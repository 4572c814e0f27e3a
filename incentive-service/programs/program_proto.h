#pragma once

// Programs on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "incentive-service/programs/program.h"
#include "tributary/incentive/v1/program.pb.h"

namespace tributary::incentive {

v1::Program ToProto(const Program& program);

// The terms alone (id, uid, version, times and state stay at their defaults), checked: every violation at once, with
// paths below `field`.
absl::StatusOr<Program> TermsFromProto(const v1::Program& program, std::string_view field);

// The id of "programs/{program}"; INVALID_FIELD `field`.
absl::StatusOr<std::string> ProgramIdOf(std::string_view name, std::string_view field = "name");

v1::Program::Rounding ToProto(Rounding rounding);

}  // namespace tributary::incentive
