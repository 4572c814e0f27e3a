#pragma once

// Programs on the wire.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/status/status.h"
#include "incentive-service/fiscal_calendars/fiscal_calendar.h"
#include "incentive-service/programs/program.h"
#include "tributary/incentive/v1/program.pb.h"

namespace tributary::incentive {

v1::Program ToProto(const Program& program);
// As that partner may see it: of the partners it names, itself alone; of a budget the policy, since with the factor the
// amount would tell what all partners come to.
v1::Program ToProto(const Program& program, std::string_view partner);

// The terms that have no column of their own.
void ConditionsToProto(const Program& program, v1::Program* message);
// Reads them; what is wrong with them, each with its path below `field`, to the others.
void ReadConditions(const v1::Program& message, std::string_view field, Program* program,
                    std::vector<FieldViolation>* violations);

// The terms alone (id, uid, version, times and state stay at their defaults), checked: every violation at once, with
// paths below `field`. `calendar`: the fiscal calendar that they name, as it is known.
absl::StatusOr<Program> TermsFromProto(const v1::Program& program, std::string_view field,
                                       const std::optional<FiscalCalendar>& calendar = std::nullopt);

// The id of "programs/{program}"; INVALID_FIELD `field`.
absl::StatusOr<std::string> ProgramIdOf(std::string_view name, std::string_view field = "name");

v1::Program::Rounding ToProto(Rounding rounding);

}  // namespace tributary::incentive
